/** Shape and dtype rules that many operators share. */
import type { DType } from "#base";
import { type Dim, type Shape, sameShape, showShape } from "./dims.ts";
import { traceError } from "./operator.ts";
import type { Value } from "./value.ts";

/** Dtypes that an operator may take. */
export const floats: readonly DType[] = ["float32", "float64"];
/** All but bool. */
export const numbers: readonly DType[] = ["float32", "float64", "int32", "int64"];
/** Where the CPU provider has no float64 kernel. */
export const float32Only: readonly DType[] = ["float32"];

/** @throws AssayError DTYPE_UNSUPPORTED when the CPU provider has no kernel for this dtype */
export function expectDtype(who: string, value: Value, allowed: readonly DType[]): void {
  if (allowed.includes(value.dtype)) return;
  const wayOut = allowed.includes("float32") ? `; cast with .cast("float32")` : "";
  const got = `${value.dtype} ${showShape(value.shape)}`;
  throw traceError("DTYPE_UNSUPPORTED", `${who}: Expected ${allowed.join(" or ")}, got ${got}${wayOut}`);
}

/** @throws AssayError DTYPE_MISMATCH for a fraction where only whole numbers fit, or what is neither 0 nor 1 as bool */
export function expectHolds(who: string, dtype: DType, content: number): void {
  const isFraction = !Number.isInteger(content);
  const fits = dtype === "bool" ? content === 0 || content === 1 : !isFraction || dtype.startsWith("float");
  if (fits) return;
  const wayOut = dtype === "bool" ? "compare instead" : 'cast the value with .cast("float32")';
  throw traceError("DTYPE_MISMATCH", `${who}: Expected a number that ${dtype} holds, got ${content}; ${wayOut}`);
}

/** @throws AssayError DTYPE_MISMATCH */
export function expectSameDtype(who: string, a: Value, b: Value): void {
  if (a.dtype === b.dtype) return;
  const got = `${a.dtype} ${showShape(a.shape)} and ${b.dtype} ${showShape(b.shape)}`;
  throw traceError(
    "DTYPE_MISMATCH",
    `${who}: Expected operands of one dtype, got ${got}; cast one of them with .cast()`,
  );
}

/**
 * The shape that two shapes broadcast to: aligned from the right, equal lengths or a length of one.
 *
 * @throws AssayError SHAPE_MISMATCH
 */
export function broadcastShapes(who: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    const got = `${showShape(a)} and ${showShape(b)}`;
    const place = `axis ${axis - rank} has ${left} and ${right}; line axes up with .expandDims() or .swapAxes()`;
    throw traceError("SHAPE_MISMATCH", `${who}: Expected shapes that broadcast, got ${got}; ${place}`, { a, b });
  });
}

/** An axis counted from the front. @throws AssayError AXIS_OUT_OF_RANGE */
export function normalizeAxis(who: string, axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(axis) && normal >= 0 && normal < rank) return normal;
  throw traceError("AXIS_OUT_OF_RANGE", `${who}: Expected an axis from ${-rank} to ${rank - 1}, got ${axis}`);
}

/** Axes counted from the front, ascending, all of them when left out. @throws AssayError AXIS_OUT_OF_RANGE */
export function normalizeAxes(who: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const normal = [axes].flat().map((axis) => normalizeAxis(who, axis, rank));
  return [...new Set(normal)].sort((a, b) => a - b);
}

/** The shape after reducing `axes`. */
export function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  if (keepDims) return shape.map((dim, axis): Dim => (axes.includes(axis) ? 1 : dim));
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** @throws AssayError SHAPE_MISMATCH unless the value has as many axes as the example "[B, T, C]" names */
export function expectRank(who: string, value: Value, example: string): void {
  if (value.rank === example.split(",").length) return;
  throw traceError("SHAPE_MISMATCH", `${who}: Expected ${example}, got ${showShape(value.shape)}`);
}

/** @throws AssayError SHAPE_MISMATCH unless the value has exactly this shape */
export function expectShape(who: string, value: Value, { shape, name }: { shape: Shape; name: string }): void {
  if (sameShape(value.shape, shape)) return;
  const got = showShape(value.shape);
  throw traceError("SHAPE_MISMATCH", `${who}: Expected ${name} of shape ${showShape(shape)}, got ${got}`);
}

/** Whether the dtype is one that has derivatives. */
export const isFloat = ({ dtype }: { dtype: DType }): boolean => dtype === "float32" || dtype === "float64";
