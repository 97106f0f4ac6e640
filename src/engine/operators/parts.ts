/** Operators that take values apart and put them together. */
import { tensor } from "#base";
import { addDims, type Dim, type Shape, showShape, subtractDims } from "../graph/dims.ts";
import { apply, applyAll, defineOperators, operator, traceError } from "../graph/operator.ts";
import { expectSameDtype, normalizeAxis } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { constant } from "./leaves.ts";
import { broadcastTo, expandDims } from "./movement.ts";

/** A range along one axis, counted from the front. */
export interface SliceAttributes {
  readonly axis: number;
  readonly start: Dim;
  readonly end: Dim;
}

/** How many places to add on each side, and what fills them. */
export interface PadAttributes {
  readonly axis: number;
  readonly before: Dim;
  readonly after: Dim;
  readonly fill: number;
}

/** The table of this family. */
export const parts = defineOperators({
  Concat: operator<{ axis: number }>({
    infer(inputs, { axis }) {
      const [first, ...rest] = inputs;
      for (const other of rest) {
        expectSameDtype("concat", first!, other);
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
  /** One operator for all parts, so that their gradients are joined in one pass. */
  Split: operator<SplitOptions>({
    infer: ([x], { axis, lengths }) =>
      lengths.map((length) => ({ dtype: x!.dtype, shape: x!.shape.with(axis, length) })),
    // All outputs, read or not: ONNX Runtime crashes where one of them has no name.
    emit: ({ inputs, attributes: { axis, lengths } }, emitter) =>
      emitter.onnx("Split", [inputs[0]!, emitter.dims(lengths)], {
        attributes: { axis },
        outputs: lengths.map(() => true),
      }),
  }),
  Pad: operator<PadAttributes>({
    infer: ([x], { axis, before, after }) => ({
      dtype: x!.dtype,
      shape: x!.shape.with(axis, addDims(addDims(x!.shape[axis]!, before), after)),
    }),
    emit: ({ inputs, attributes: { axis, before, after, fill }, node }, emitter) => {
      const { rank, dtype } = node.inputs[0]!;
      const along = (amount: Dim): Dim[] => Array(rank).fill(0).with(axis, amount);
      // Amounts for every axis: ONNX Runtime's transpose optimizer overlooks the optional list of axes.
      const amounts = emitter.dims([...along(before), ...along(after)]);
      return emitter.onnx("Pad", [inputs[0]!, amounts, emitter.constant(tensor([], [fill], dtype))]);
    },
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
  const isInside = [start, end].every(
    (at) => typeof at !== "number" || (at >= 0 && !(typeof size === "number" && at > size)),
  );
  if (isInside && (typeof length !== "number" || length >= 0)) return length;
  const range = `${start} to ${end}`;
  throw traceError(
    "SHAPE_MISMATCH",
    `Slice: Expected a range inside axis ${axis} of ${showShape(shape)}, got ${range}`,
  );
}

/** The values side by side along `axis`. @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH */
export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (first === undefined) throw traceError("SHAPE_MISMATCH", "concat: Expected at least one value, got none");
  return values.length === 1 ? first : apply(parts.Concat, values, { axis: normalizeAxis("concat", axis, first.rank) });
}

/** A range along one axis. */
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
  return range.start === 0 && range.end === size ? x : apply(parts.Slice, [x], range);
}

/** The values side by side along a new axis. @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH */
export function stack(values: readonly Value[], axis: number): Value {
  const widened = values.map((value) => expandDims(value, axis));
  return concat(widened, axis);
}

/** What is known of lengths before a program runs: none is below zero, and none a fraction. */
function expectAmounts(who: string, amounts: readonly Dim[]): void {
  const wrong = amounts.find((amount) => typeof amount === "number" && !(Number.isInteger(amount) && amount >= 0));
  if (wrong === undefined) return;
  throw traceError("SHAPE_MISMATCH", `${who}: Expected whole numbers of zero or more, got ${wrong}; cut with .slice()`);
}

/** Where to cut. */
export interface SplitOptions {
  readonly axis: number;
  readonly lengths: readonly Dim[];
}

/** x cut into parts of the given lengths along one axis. @throws AssayError SHAPE_MISMATCH unless they add up */
export function split(x: Value, { axis, lengths }: SplitOptions): Value[] {
  const at = normalizeAxis("split", axis, x.rank);
  expectAmounts("split", lengths);
  const total = lengths.reduce(addDims, 0);
  if (total === x.shape[at]) return lengths.length === 1 ? [x] : [...applyAll(parts.Split, [x], { axis: at, lengths })];
  const got = `${lengths.join(" + ")} = ${total}`;
  throw traceError("SHAPE_MISMATCH", `split: Expected lengths that add up to ${x.shape[at]}, got ${got}`);
}

/** How many places to add on each side, and what fills them. */
export interface PadOptions {
  readonly axis: number;
  readonly before?: Dim;
  readonly after?: Dim;
  /** Zero when left out. */
  readonly fill?: number;
}

/** x with `before` and `after` more places along one axis. @throws AssayError SHAPE_MISMATCH for fewer than none */
export function pad(x: Value, { axis, before = 0, after = 0, fill = 0 }: PadOptions): Value {
  expectAmounts("pad", [before, after]);
  if (before === 0 && after === 0) return x;
  const isEmpty = x.shape.includes(0);
  const attributes = { axis: normalizeAxis("pad", axis, x.rank), before, after, fill };
  // ORT copies nothing from an empty input but still reads its shape; a constant says the same.
  if (isEmpty) return broadcastTo(constant(fill, x.dtype), apply(parts.Pad, [x], attributes).shape);
  return apply(parts.Pad, [x], attributes);
}
