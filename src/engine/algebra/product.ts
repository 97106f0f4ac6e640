/** Products of float64 matrices on ONNX Runtime: where the time of every factorisation goes. */
import { AssayError } from "#base";
import { tensorType } from "../graph/tree.ts";
import type { Value } from "../graph/value.ts";
import { compile, type Program } from "../runtime/session.ts";
import { type Matrix, sizesOf } from "./matrix.ts";

/** Which factors are transposed first. */
export interface ProductOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const matrix = (rows: string, columns: string) => tensorType("float64", [rows, columns]);

/**
 * The product of two matrices.
 *
 *     a b,  aᵀ b,  a bᵀ,  aᵀ bᵀ
 *
 * @throws AssayError MATRIX_INVALID, SHAPE_MISMATCH
 */
export async function product(a: Matrix, b: Matrix, options: ProductOptions = {}): Promise<Matrix> {
  const { transposeA = false, transposeB = false } = options;
  const inner = [sizesOf("product", a)[transposeA ? 0 : 1], sizesOf("product", b)[transposeB ? 1 : 0]];
  if (inner[0] !== inner[1]) {
    const got = `[${a.shape.join(", ")}]${transposeA ? "ᵀ" : ""} and [${b.shape.join(", ")}]${transposeB ? "ᵀ" : ""}`;
    throw new AssayError("SHAPE_MISMATCH", `product: Expected matrices that fit together, got ${got}`);
  }
  const signature = {
    a: transposeA ? matrix("K", "M") : matrix("M", "K"),
    b: transposeB ? matrix("N", "K") : matrix("K", "N"),
  };
  const key = `product ${transposeA} ${transposeB}`;
  const program = await kept(key, signature, (inputs) => {
    return turned(inputs.a!, transposeA).matmul(turned(inputs.b!, transposeB));
  });
  return run(program, { a, b });
}

const turned = (value: Value, isTransposed: boolean): Value => (isTransposed ? value.swapAxes(0, 1) : value);

/** What is taken away. */
export interface Subtrahend {
  readonly a: Matrix;
  readonly b: Matrix;
  readonly form: "ab" | "abᵀ" | "aᵀb";
}

/** c minus a product. */
export async function subtractProduct(c: Matrix, { a, b, form }: Subtrahend): Promise<Matrix> {
  const signature = {
    a: form === "aᵀb" ? matrix("K", "M") : matrix("M", "K"),
    b: form === "abᵀ" ? matrix("N", "K") : matrix("K", "N"),
    c: matrix("M", "N"),
  };
  const program = await kept(`subtract ${form}`, signature, (inputs) => {
    return inputs.c!.sub(turned(inputs.a!, form === "aᵀb").matmul(turned(inputs.b!, form === "abᵀ")));
  });
  return run(program, { a, b, c });
}

/** A factor of a triangular system and its inverse. */
export interface Pivot {
  /** L [b, b], lower triangular. */
  readonly lower: Matrix;
  /** L⁻¹ */
  readonly inverse: Matrix;
}

/** Which system a block of a triangular matrix solves. */
export type PivotSide = "L x = s" | "Lᵀ x = s" | "x Lᵀ = s";

/**
 * Solves with one block of a triangular matrix: multiplies with the inverse, then takes one step of refinement, which
 * brings the residual to that of substitution.
 */
export async function solvePivot({ lower, inverse }: Pivot, s: Matrix, side: PivotSide): Promise<Matrix> {
  const square = matrix("B", "B");
  const signature = { lower: square, inverse: square, s: side === "x Lᵀ = s" ? matrix("M", "B") : matrix("B", "M") };
  const times = (factor: Value, x: Value) => {
    if (side === "x Lᵀ = s") return x.matmul(factor.swapAxes(0, 1));
    return turned(factor, side === "Lᵀ x = s").matmul(x);
  };
  const program = await kept(`pivot ${side}`, signature, (inputs) => {
    const first = times(inputs.inverse!, inputs.s!);
    const residual = inputs.s!.sub(times(inputs.lower!, first));
    return first.add(times(inputs.inverse!, residual));
  });
  return run(program, { lower, inverse, s });
}

type Signature = Readonly<Record<string, ReturnType<typeof matrix>>>;
type MatrixProgram = Program<Signature, { readonly x: Value }>;

const programs = new Map<string, Promise<MatrixProgram>>();

function kept(
  key: string,
  signature: Signature,
  build: (inputs: Readonly<Record<string, Value>>) => Value,
): Promise<MatrixProgram> {
  const known = programs.get(key);
  if (known !== undefined) return known;
  const compiled = compile((inputs) => ({ x: build(inputs) }), signature) as unknown as Promise<MatrixProgram>;
  programs.set(key, compiled);
  return compiled;
}

async function run(program: MatrixProgram, inputs: Readonly<Record<string, Matrix>>): Promise<Matrix> {
  const { x } = await program.run(inputs);
  return x as Matrix;
}
