/** Operators that move values without changing them. */
import { tensor } from "#base";
import {
  addDims,
  canonicalDim,
  type Dim,
  divideDims,
  type Shape,
  sameShape,
  showShape,
  sizeOfShape,
  subtractDims,
} from "../graph/dims.ts";
import { apply, defineOperators, operator, traceError } from "../graph/operator.ts";
import { broadcastShapes, expectSameDtype, normalizeAxis } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { constant } from "./leaves.ts";

export interface SliceAttributes {
  readonly axis: number;
  readonly start: Dim;
  readonly end: Dim;
}

export interface PadAttributes {
  readonly axis: number;
  readonly before: Dim;
  readonly after: Dim;
  readonly fill: number;
}

export const movement = defineOperators({
  Reshape: operator<{ shape: Shape }>({
    infer([x], { shape }) {
      if (sizeOfShape(x!.shape) === sizeOfShape(shape)) return { dtype: x!.dtype, shape };
      const sizes = `${showShape(x!.shape)} holds ${sizeOfShape(x!.shape)}, ${showShape(shape)} holds ${sizeOfShape(shape)}`;
      throw traceError("SHAPE_MISMATCH", `Reshape: Expected the same number of values, got ${sizes}`);
    },
    emit: ({ inputs, attributes: { shape } }, emitter) => {
      // One unknown length is left to the runtime, so that no node has to compute it.
      const unknown = shape.filter((dim) => typeof dim === "string");
      const known = unknown.length === 1 && !shape.includes(0);
      const target = known ? shape.map((dim) => (typeof dim === "string" ? -1 : dim)) : shape;
      return emitter.onnx("Reshape", [inputs[0]!, emitter.dims(target)], { attributes: { allowzero: known ? 0 : 1 } });
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
  Concat: operator<{ axis: number }>({
    infer(inputs, { axis }) {
      const [first, ...rest] = inputs;
      for (const other of rest) {
        expectSameDtype("Concat", first!, other);
        expectEqualExcept(first!.shape, other.shape, axis);
      }
      const length = inputs.map((value) => value.shape[axis]!).reduce(addDims);
      return { dtype: first!.dtype, shape: first!.shape.with(axis, length) };
    },
    emit: ({ inputs, attributes }, emitter) =>
      emitter.onnx("Concat", inputs, { attributes: { axis: attributes.axis } }),
  }),
  Slice: operator<SliceAttributes>({
    infer: ([x], { axis, start, end }) => ({
      dtype: x!.dtype,
      shape: x!.shape.with(axis, sliceLength(x!.shape, { axis, start, end })),
    }),
    emit: ({ inputs, attributes: { axis, start, end } }, emitter) =>
      emitter.onnx("Slice", [
        inputs[0]!,
        emitter.dims([start]),
        emitter.dims([end]),
        emitter.constant(tensor([1], [axis], "int64")),
      ]),
  }),
  Pad: operator<PadAttributes>({
    infer: ([x], { axis, before, after }) => ({
      dtype: x!.dtype,
      shape: x!.shape.with(axis, addDims(addDims(x!.shape[axis]!, before), after)),
    }),
    emit: ({ inputs, attributes: { axis, before, after, fill }, node }, emitter) =>
      emitter.onnx("Pad", [
        inputs[0]!,
        emitter.dims([before, after]),
        emitter.constant(tensor([], [fill], node.inputs[0]!.dtype)),
        emitter.constant(tensor([1], [axis], "int64")),
      ]),
  }),
});

function expectEqualExcept(a: Shape, b: Shape, axis: number): void {
  if (a.length === b.length && a.every((dim, at) => at === axis || dim === b[at])) return;
  const got = `${showShape(a)} and ${showShape(b)}`;
  throw traceError("SHAPE_MISMATCH", `Concat: Expected shapes that differ in axis ${axis} alone, got ${got}`);
}

function sliceLength(shape: Shape, { axis, start, end }: SliceAttributes): Dim {
  const length = subtractDims(end, start);
  const size = shape[axis]!;
  const isInside = [start, end].every((at) => typeof at !== "number" || typeof size !== "number" || at <= size);
  if (isInside && (typeof length !== "number" || length >= 0)) return length;
  const range = `${start} to ${end}`;
  throw traceError(
    "SHAPE_MISMATCH",
    `Slice: Expected a range inside axis ${axis} of ${showShape(shape)}, got ${range}`,
  );
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
  const missing = divideDims(sizeOfShape(x.shape), sizeOfShape(rest));
  if (missing !== undefined) return rest.with(at, missing);
  const sizes = `${showShape(x.shape)} to ${showShape(shape)}`;
  throw traceError("SHAPE_MISMATCH", `Reshape: Expected one length that fits in place of -1, got ${sizes}`);
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

/** The values side by side along `axis`. @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH */
export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (first === undefined) throw traceError("SHAPE_MISMATCH", "concat: Expected at least one value, got none");
  return values.length === 1
    ? first
    : apply(movement.Concat, values, { axis: normalizeAxis("concat", axis, first.rank) });
}

export interface SliceOptions {
  readonly axis: number;
  /** Negative positions count from the end. */
  readonly start?: Dim;
  readonly end?: Dim;
}

/** The part of x from `start` to before `end` along one axis. @throws AssayError SHAPE_MISMATCH */
export function slice(x: Value, { axis, start = 0, end }: SliceOptions): Value {
  const at = normalizeAxis("slice", axis, x.rank);
  const size = x.shape[at]!;
  const fromFront = (position: Dim) =>
    typeof position === "number" && position < 0 ? addDims(size, position) : position;
  const range = { axis: at, start: fromFront(start), end: fromFront(end ?? size) };
  return range.start === 0 && range.end === size ? x : apply(movement.Slice, [x], range);
}

/** x cut into parts of the given lengths along one axis. @throws AssayError SHAPE_MISMATCH unless they add up */
export function split(x: Value, { axis, lengths }: { axis: number; lengths: readonly Dim[] }): Value[] {
  const total = lengths.reduce(addDims, 0);
  const size = x.shape[normalizeAxis("split", axis, x.rank)];
  if (total !== size) {
    const got = `${lengths.join(" + ")} = ${total}`;
    throw traceError("SHAPE_MISMATCH", `split: Expected lengths that add up to ${size}, got ${got}`);
  }
  let start: Dim = 0;
  return lengths.map((length) => {
    const end = addDims(start, length);
    const part = slice(x, { axis, start, end });
    start = end;
    return part;
  });
}

export interface PadOptions {
  readonly axis: number;
  readonly before?: Dim;
  readonly after?: Dim;
  /** Zero when left out. */
  readonly fill?: number;
}

/** x with `before` and `after` more places along one axis. */
export function pad(x: Value, { axis, before = 0, after = 0, fill = 0 }: PadOptions): Value {
  if (before === 0 && after === 0) return x;
  const isEmpty = x.shape.includes(0);
  const attributes = { axis: normalizeAxis("pad", axis, x.rank), before, after, fill };
  // ORT copies nothing from an empty input but still reads its shape; a constant says the same.
  if (isEmpty) return broadcastTo(constant(fill, x.dtype), apply(movement.Pad, [x], attributes).shape);
  return apply(movement.Pad, [x], attributes);
}
