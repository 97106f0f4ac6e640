/** Operators that give the same values another shape. */
import type { DType } from "#base";
import { canonicalDim, type Dim, divideDims, type Shape, sameShape, showShape, sizeOfShape } from "../graph/dims.ts";
import { apply, defineOperators, operator, traceError } from "../graph/operator.ts";
import { broadcastShapes, normalizeAxis } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { constant } from "./leaves.ts";

/** The table of this family. */
export const movement = defineOperators({
  Reshape: operator<{ shape: Shape }>({
    infer([x], { shape }) {
      if (sizeOfShape(x!.shape) === sizeOfShape(shape)) return { dtype: x!.dtype, shape };
      const sizes = `${showShape(x!.shape)} holds ${sizeOfShape(x!.shape)}, ${showShape(shape)} holds ${sizeOfShape(shape)}`;
      throw traceError("SHAPE_MISMATCH", `Reshape: Expected the same number of values, got ${sizes}`);
    },
    emit: ({ inputs, attributes: { shape }, node }, emitter) => {
      const target = reshapeTarget(node.inputs[0]!.shape, shape);
      const allowzero = Number(target === shape);
      return emitter.onnx("Reshape", [inputs[0]!, emitter.dims(target)], { attributes: { allowzero } });
    },
  }),
  Transpose: operator<{ permutation: readonly number[] }>({
    infer: ([x], { permutation }) => ({
      dtype: x!.dtype,
      shape: permutation.map((axis) => x!.shape[axis]!),
    }),
    emit: ({ inputs, attributes }, emitter) =>
      emitter.onnx("Transpose", inputs, { attributes: { perm: attributes.permutation } }),
  }),
  Expand: operator<{ shape: Shape }>({
    infer: ([x], { shape }) => ({ dtype: x!.dtype, shape }),
    emit: ({ inputs, attributes }, emitter) => emitter.onnx("Expand", [inputs[0]!, emitter.dims(attributes.shape)]),
  }),
});

/** The shape with 0 for "as the input has it" and one -1 for "the rest", so that no node has to compute a length. */
function reshapeTarget(from: Shape, to: Shape): Shape {
  if (to.includes(0)) return to;
  const target = to.map((dim, axis) => (typeof dim === "string" && dim === from[axis] ? 0 : dim));
  const unknown = target.filter((dim) => typeof dim === "string");
  return unknown.length > 1 ? to : target.map((dim) => (typeof dim === "string" ? -1 : dim));
}

/**
 * The same values in row-major order under another shape; one length may be -1.
 *
 * @throws AssayError SHAPE_MISMATCH when the number of values differs
 */
export function reshape(x: Value, shape: readonly Dim[]): Value {
  const resolved = resolveShape(x, shape);
  if (sameShape(x.shape, resolved)) return x;
  const { operator, inputs } = x.node;
  const source = operator.name === "Reshape" ? inputs[0]! : x;
  return sameShape(source.shape, resolved) ? source : apply(movement.Reshape, [source], { shape: resolved });
}

function resolveShape(x: Value, shape: readonly Dim[]): Shape {
  const at = shape.indexOf(-1);
  if (at < 0) return shape.map(canonicalDim);
  const rest = shape.with(at, 1).map(canonicalDim);
  const missing = quotient(x.shape, rest);
  if (missing !== undefined) return rest.with(at, missing);
  const sizes = `${showShape(x.shape)} to ${showShape(shape)}`;
  throw traceError("SHAPE_MISMATCH", `Reshape: Expected one length that fits in place of -1, got ${sizes}`);
}

/** The size of one shape over that of another; equal lengths cancel first, since a sum such as "T+3" divides only itself. */
function quotient(shape: Shape, divisor: Shape): Dim | undefined {
  const left = [...shape];
  const others = divisor.filter((dim) => {
    const at = left.indexOf(dim);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return divideDims(sizeOfShape(left), sizeOfShape(others));
}

/** The axes in another order: axis `i` of the result is axis `permutation[i]` of x. @throws AssayError AXIS_OUT_OF_RANGE */
export function transpose(x: Value, permutation: readonly number[]): Value {
  const normal = permutation.map((axis) => normalizeAxis("transpose", axis, x.rank));
  if (normal.length !== x.rank || new Set(normal).size !== x.rank) {
    const got = `[${permutation.join(", ")}] for ${showShape(x.shape)}`;
    throw traceError("AXIS_OUT_OF_RANGE", `transpose: Expected every axis once, got ${got}`);
  }
  if (normal.every((axis, at) => axis === at)) return x;
  if (x.node.operator.name !== "Transpose") return apply(movement.Transpose, [x], { permutation: normal });
  const inner = permutationOf(x);
  return transpose(
    x.node.inputs[0]!,
    normal.map((axis) => inner[axis]!),
  );
}

/** The permutation of a value that a Transpose made. */
export const permutationOf = (x: Value): readonly number[] =>
  (x.node.attributes as { permutation: readonly number[] }).permutation;

/** Two axes exchanged. */
export function swapAxes(x: Value, first: number, second: number): Value {
  const a = normalizeAxis("swapAxes", first, x.rank);
  const b = normalizeAxis("swapAxes", second, x.rank);
  return transpose(
    x,
    x.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis)),
  );
}

/** An axis of length one inserted at `axis`. */
export function expandDims(x: Value, axis: number): Value {
  const at = normalizeAxis("expandDims", axis, x.rank + 1);
  return reshape(x, x.shape.toSpliced(at, 0, 1));
}

/** An axis of length one taken away. @throws AssayError SHAPE_MISMATCH when it is longer */
export function squeeze(x: Value, axis: number): Value {
  const at = normalizeAxis("squeeze", axis, x.rank);
  if (x.shape[at] === 1) return reshape(x, x.shape.toSpliced(at, 1));
  throw traceError("SHAPE_MISMATCH", `squeeze: Expected axis ${axis} to have length 1, got ${showShape(x.shape)}`);
}

/** Repeats axes of length one until the shape is `shape`. @throws AssayError SHAPE_MISMATCH */
export function broadcastTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape)) {
    return apply(movement.Expand, [x], { shape: shape.map(canonicalDim) });
  }
  const got = `${showShape(x.shape)} to ${showShape(shape)}`;
  throw traceError("SHAPE_MISMATCH", `broadcastTo: Expected axes of length one to grow, got ${got}`);
}

/** `shape` filled with one number. */
export function full(shape: Shape, content: number, dtype: DType = "float32"): Value {
  return broadcastTo(constant(content, dtype), shape);
}

/** Zeros of the shape and dtype of another value. */
export const zerosLike = ({ shape, dtype }: Value): Value => full(shape, 0, dtype);

/** Ones of the shape and dtype of another value. */
export const onesLike = ({ shape, dtype }: Value): Value => full(shape, 1, dtype);
