/** Operators that take or add values at positions which are only known at run time. */
import { type DType, tensor } from "#base";
import { type Dim, showShape } from "../graph/dims.ts";
import { onnxTypeOf } from "../graph/onnx.ts";
import { apply, applyAll, defineOperators, operator, traceError } from "../graph/operator.ts";
import { expectDtype, expectSameDtype, normalizeAxis, numbers } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { greaterOrEqual } from "./compare.ts";
import { add } from "./elementwise.ts";
import { axisSize, range } from "./leaves.ts";
import { expandDims } from "./movement.ts";

const integers: readonly DType[] = ["int32", "int64"];

/** How many of the largest, along which axis. */
export interface TopKAttributes {
  readonly axis: number;
  readonly count: number;
}

/** The table of this family. */
export const indexing = defineOperators({
  Gather: operator<{ axis: number }>({
    infer([x, indices], { axis }) {
      expectDtype("gather", indices!, integers);
      return { dtype: x!.dtype, shape: x!.shape.toSpliced(axis, 1, ...indices!.shape) };
    },
    emit: ({ inputs, attributes: { axis } }, emitter) => emitter.onnx("Gather", inputs, { attributes: { axis } }),
  }),
  GatherElements: operator<{ axis: number }>({
    infer([x, indices], { axis }) {
      expectDtype("gatherElements", indices!, integers);
      expectFits("gatherElements", { x: x!, indices: indices!, axis });
      return { dtype: x!.dtype, shape: indices!.shape };
    },
    emit: ({ inputs, attributes: { axis } }, emitter) =>
      emitter.onnx("GatherElements", inputs, { attributes: { axis } }),
  }),
  OneHot: operator<{ classes: Dim; dtype: DType }>({
    infer([indices], { classes, dtype }) {
      expectDtype("oneHot", indices!, integers);
      return { dtype, shape: [...indices!.shape, classes] };
    },
    emit: ({ inputs, attributes: { classes, dtype } }, emitter) => {
      const hot = emitter.onnx("OneHot", [
        inputs[0]!,
        emitter.dims([classes]),
        emitter.constant(tensor([2], [0, 1], dtype === "bool" ? "float32" : dtype)),
      ]);
      return dtype === "bool" ? emitter.onnx("Cast", hot, { attributes: { to: onnxTypeOf(dtype) } }) : hot;
    },
  }),
  /** Not ScatterND: several threads add to one place at once there, and sums get lost. */
  ScatterAdd: operator<{ axis: number }>({
    infer([x, indices, updates], { axis }) {
      expectDtype("scatterAdd", x!, numbers);
      expectDtype("scatterAdd", indices!, integers);
      expectSameDtype("scatterAdd", x!, updates!);
      expectFits("scatterAdd", { x: x!, indices: indices!, axis });
      if (showShape(indices!.shape) === showShape(updates!.shape)) return x!;
      const got = `indices ${showShape(indices!.shape)} and updates ${showShape(updates!.shape)}`;
      throw traceError("SHAPE_MISMATCH", `scatterAdd: Expected one position for each update, got ${got}`);
    },
    emit: ({ inputs, attributes: { axis } }, emitter) =>
      emitter.onnx("ScatterElements", inputs, { attributes: { axis, reduction: "add" } }),
  }),
  TopK: operator<TopKAttributes>({
    infer([x], { axis, count }) {
      expectDtype("topK", x!, numbers);
      expectCount(x!, { axis, count });
      const shape = x!.shape.with(axis, count);
      return [
        { dtype: x!.dtype, shape },
        { dtype: "int64", shape },
      ];
    },
    emit: ({ inputs, attributes: { axis, count } }, emitter) => {
      const asked = emitter.constant(tensor([1], [count], "int64"));
      return emitter.onnx("TopK", [inputs[0]!, asked], { attributes: { axis }, outputs: [true, true] });
    },
  }),
});

function expectCount({ shape }: Value, { axis, count }: TopKAttributes): void {
  const size = shape[axis]!;
  if (Number.isInteger(count) && count >= 0 && !(typeof size === "number" && count > size)) return;
  const expected = `Expected a whole number of values up to the length of axis ${axis} of ${showShape(shape)}`;
  throw traceError("SHAPE_MISMATCH", `topK: ${expected}, got ${count}`);
}

interface Placement {
  readonly x: Value;
  readonly indices: Value;
  readonly axis: number;
}

/** Positions have the axes of x, and away from `axis` its lengths or shorter ones. */
function expectFits(who: string, { x, indices, axis }: Placement): void {
  const fits = ({ shape }: Value) =>
    shape.every((dim, at) => {
      const size = x.shape[at]!;
      return at === axis || dim === size || (typeof dim === "number" && typeof size === "number" && dim < size);
    });
  if (indices.rank === x.rank && fits(indices)) return;
  const got = `${showShape(x.shape)} and ${showShape(indices.shape)}`;
  const wayOut = "give the positions every axis of x with .expandDims() and .broadcastTo()";
  throw traceError("SHAPE_MISMATCH", `${who}: Expected positions that fit inside axis ${axis}, got ${got}; ${wayOut}`);
}

/**
 * Slices of x at the positions of `indices`, which take the place of `axis`.
 *
 * Shapes   x [*before, n, *after] · indices [*positions] → [*before, *positions, *after]
 *
 * @throws AssayError DTYPE_UNSUPPORTED when the indices are no integers
 */
export function gather(x: Value, indices: Value, { axis = 0 }: { readonly axis?: number } = {}): Value {
  return apply(indexing.Gather, [x, indices], { axis: normalizeAxis("gather", axis, x.rank) });
}

/**
 * One row of the table for each id.
 *
 * Shapes   ids int64 [*batch] · table [vocabulary, C] → [*batch, C]
 */
export const embed = (ids: Value, table: Value): Value => gather(table, ids);

/**
 * y[i, j] = x[i, indices[i, j]] along the last axis, alike along others.
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_UNSUPPORTED
 */
export function gatherElements(x: Value, indices: Value, { axis = -1 }: { readonly axis?: number } = {}): Value {
  return apply(indexing.GatherElements, [x, indices], { axis: normalizeAxis("gatherElements", axis, x.rank) });
}

/** What is added, and where. */
export interface ScatterOptions {
  readonly indices: Value;
  /** As many as there are indices. */
  readonly updates: Value;
  /** The last axis when left out. */
  readonly axis?: number;
}

/**
 * x with every update added at its position: y[i, indices[i, j]] += updates[i, j]. Equal positions add up.
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH, DTYPE_UNSUPPORTED
 */
export function scatterAdd(x: Value, { indices, updates, axis = -1 }: ScatterOptions): Value {
  return apply(indexing.ScatterAdd, [x, indices, updates], { axis: normalizeAxis("scatterAdd", axis, x.rank) });
}

/** The largest values along an axis, falling, and their positions as int64. @throws AssayError SHAPE_MISMATCH for more than there are */
export function topK(x: Value, { axis = -1, count }: Partial<TopKAttributes> & { readonly count: number }) {
  const [values, indices] = applyAll(indexing.TopK, [x], { axis: normalizeAxis("topK", axis, x.rank), count });
  return { values: values!, indices: indices! };
}

/** For each index a row of zeros with a one at its place: from the end for a negative one, nowhere for one too large. indices [*batch] → [*batch, classes] */
export function oneHot(indices: Value, classes: Dim, dtype: DType = "float32"): Value {
  return apply(indexing.OneHot, [indices], { classes, dtype });
}

/** Which diagonal bounds a triangle. */
export interface TriangleOptions {
  /** How many places the boundary moves to the right. */
  readonly offset?: Dim;
}

/** Whether column ≤ row + offset, as bool [rows, columns]: what a causal model may see. */
export function triangularMask(rows: Dim, columns: Dim, { offset = 0 }: TriangleOptions = {}): Value {
  const row = expandDims(range(rows), 1);
  return greaterOrEqual(offset === 0 ? row : add(row, axisSize(offset, "int64")), expandDims(range(columns), 0));
}
