/** Products of matrices. */
import { type DType, tensor } from "#base";
import { type Shape, showShape } from "../graph/dims.ts";
import { apply, type Call, defineOperators, type Emitter, operator, traceError } from "../graph/operator.ts";
import { broadcastShapes, expectDtype, expectSameDtype, floats } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { permutationOf, reshape, swapAxes } from "./movement.ts";

/** Which operands enter with their last two axes exchanged. */
export interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** The product is multiplied by this. */
  readonly scale: number;
}

/** The shape of the last two axes, transposed or not. */
function matrixOf({ shape }: Value, isTransposed: boolean): Shape {
  const matrix = shape.slice(-2);
  return isTransposed ? matrix.toReversed() : matrix;
}

/** The table of this family. */
export const linearAlgebra = defineOperators({
  MatMul: operator<MatmulAttributes>({
    infer([a, b], { transposeA, transposeB }) {
      expectSameDtype("MatMul", a!, b!);
      expectDtype("MatMul", a!, floats);
      const [rows, inner] = matrixOf(a!, transposeA);
      const [innerB, columns] = matrixOf(b!, transposeB);
      if (rows === undefined || columns === undefined || inner !== innerB) throw mismatch(a!, b!);
      const batch = broadcastShapes("MatMul", a!.shape.slice(0, -2), b!.shape.slice(0, -2));
      return { dtype: a!.dtype, shape: [...batch, rows, columns!] };
    },
    emit: emitMatmul,
  }),
  /** x W + b on rows: the form that ONNX Runtime computes in one call. */
  Affine: operator<{ transposeWeight: boolean }>({
    infer([x, weight, bias], { transposeWeight }) {
      const [inputs, outputs] = matrixOf(weight!, transposeWeight);
      expectSameDtype("Affine", x!, weight!);
      expectSameDtype("Affine", x!, bias!);
      expectDtype("Affine", x!, floats);
      if (x!.rank !== 2 || inputs !== x!.shape[1] || bias!.rank !== 1 || bias!.shape[0] !== outputs) {
        const got = [x, weight, bias].map((value) => showShape(value!.shape)).join(", ");
        throw traceError("SHAPE_MISMATCH", `Affine: Expected [rows, in], [in, out], [out], got ${got}`);
      }
      return { dtype: x!.dtype, shape: [x!.shape[0]!, outputs!] };
    },
    emit: ({ inputs, attributes }, emitter) =>
      emitter.onnx("Gemm", inputs, { attributes: { transB: Number(attributes.transposeWeight) } }),
  }),
});

function mismatch(a: Value, b: Value): Error {
  const got = `${showShape(a.shape)} and ${showShape(b.shape)}`;
  const expected = "Expected [*batch, m, k] and [*batch, k, n]";
  return traceError("SHAPE_MISMATCH", `MatMul: ${expected}, got ${got}; transpose one with .swapAxes(-1, -2)`);
}

function emitMatmul({ inputs, attributes, node }: Call<MatmulAttributes>, emitter: Emitter): readonly string[] {
  const [a, b] = node.inputs as [Value, Value];
  const operands = { a: { name: inputs[0]!, rank: a.rank }, b: { name: inputs[1]!, rank: b.rank }, dtype: a.dtype };
  return [emitProduct(emitter, operands, attributes)];
}

/** Two matrices, or batches of them, by their ONNX names. */
export interface Product {
  readonly a: { readonly name: string; readonly rank: number };
  readonly b: { readonly name: string; readonly rank: number };
  readonly dtype: DType;
}

/** Picks the ONNX operator that computes a product without extra passes over memory. */
export function emitProduct(emitter: Emitter, { a, b, dtype }: Product, attributes: MatmulAttributes): string {
  const { transposeA, transposeB, scale } = attributes;
  const names = [a.name, b.name];
  if (!transposeA && !transposeB && scale === 1) return emitter.onnx("MatMul", names)[0]!;
  const transposes = { transA: Number(transposeA), transB: Number(transposeB), alpha: { float: scale } };
  if (a.rank === 2 && b.rank === 2) return emitter.onnx("Gemm", names, { attributes: transposes })[0]!;
  if (dtype === "float32") {
    return emitter.onnx("FusedMatMul", names, { domain: "com.microsoft", attributes: transposes })[0]!;
  }
  // FusedMatMul has no float64 kernel.
  const left = transposeA ? emitSwap(emitter, a.name, a.rank) : a.name;
  const right = transposeB ? emitSwap(emitter, b.name, b.rank) : b.name;
  const [product] = emitter.onnx("MatMul", [left, right]);
  return scale === 1 ? product! : emitter.onnx("Mul", [product!, emitter.constant(tensor([], [scale], dtype))])[0]!;
}

function emitSwap(emitter: Emitter, name: string, rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  const perm = [...axes.slice(0, -2), rank - 1, rank - 2];
  return emitter.onnx("Transpose", [name], { attributes: { perm } })[0]!;
}

/** What a product is multiplied by. */
export interface MatmulOptions {
  /** The product is multiplied by this; 1 when left out. */
  readonly scale?: number;
}

/**
 * scale · a b over the last two axes, batches broadcasting; a vector on either side counts as one row or one column.
 *
 * Shapes   a [*batch, m, k] · b [*batch, k, n] → [*batch, m, n]
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH
 */
export function matmul(a: Value, b: Value, { scale = 1 }: MatmulOptions = {}): Value {
  if (a.rank === 0 || b.rank === 0) throw mismatch(a, b);
  if (a.rank === 1) return dropAxis(matmul(reshape(a, [1, a.shape[0]!]), b, { scale }), -2);
  if (b.rank === 1) return dropAxis(matmul(a, reshape(b, [b.shape[0]!, 1]), { scale }), -1);
  // One matrix for the whole batch: fold the batch into the rows, which makes the gradient of b one product too.
  if (b.rank === 2 && a.rank > 2 && !isSwapped(a)) {
    const rows = reshape(a, [-1, a.shape.at(-1)!]);
    return reshape(matmul(rows, b, { scale }), [...a.shape.slice(0, -1), b.shape[1]!]);
  }
  const [left, transposeA] = unswapped(a);
  const [right, transposeB] = unswapped(b);
  return apply(linearAlgebra.MatMul, [left, right], { transposeA, transposeB, scale });
}

const dropAxis = (x: Value, axis: number): Value => reshape(x, x.shape.toSpliced(axis, 1));

/** Whether a value is another one with its last two axes exchanged. */
function isSwapped(x: Value): boolean {
  if (x.node.operator.name !== "Transpose") return false;
  const last = x.rank - 1;
  return permutationOf(x).every((axis, at) => axis === (at === last ? last - 1 : at === last - 1 ? last : at));
}

/** The value before its last two axes were exchanged, and whether they were. */
const unswapped = (x: Value): [Value, boolean] => (isSwapped(x) ? [x.node.inputs[0]!, true] : [x, false]);

/** A matrix for row vectors, and what is added to each row. */
export interface AffineWeights {
  /** [in, out] */
  readonly weight: Value;
  /** [out] */
  readonly bias?: Value | undefined;
}

/**
 * A linear map with an offset.
 *
 *     y = x W + b
 *
 * Shapes   x [*batch, in] · W [in, out] · b [out] → y [*batch, out]
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH
 */
export function affine(x: Value, { weight, bias }: AffineWeights): Value {
  if (bias === undefined) return matmul(x, weight);
  const [stored, transposeWeight] = unswapped(weight);
  const rows = reshape(x, [-1, x.shape.at(-1) ?? 1]);
  const y = apply(linearAlgebra.Affine, [rows, stored, bias], { transposeWeight });
  return reshape(y, [...x.shape.slice(0, -1), weight.shape.at(-1)!]);
}

/** a bᵀ or aᵀ b without copying a matrix: `matmul` sees through the exchange of the last two axes. */
export const transposed = (x: Value): Value => swapAxes(x, -1, -2);
