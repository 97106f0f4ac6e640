/** Edits of a tap at some tokens alone. */
import { AssayError } from "#base";
import { showType } from "../graph/tree.ts";
import type { Value } from "../graph/value.ts";
import { where } from "../operators/elementwise.ts";
import { range } from "../operators/leaves.ts";

/** Where to put what. */
export interface AtPositions {
  /** int64 [B] or [B, K]: one or K tokens of each row; a negative number is none. */
  readonly positions: Value;
  /** [C] for all rows, or [B, C]. */
  readonly vector: Value;
}

/**
 * The value with a vector added at some tokens; all other values keep their bits.
 *
 * Shapes   x [B, T, C] → [B, T, C]
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH
 */
export function addAt(x: Value, { positions, vector }: AtPositions): Value {
  return where(maskAt(x, positions), x.add(rowsOf(x, vector)), x);
}

/**
 * The value with a vector in place of what stood at some tokens.
 *
 * Shapes   x [B, T, C] → [B, T, C]
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH
 */
export function replaceAt(x: Value, { positions, vector }: AtPositions): Value {
  return where(maskAt(x, positions), rowsOf(x, vector), x);
}

/** True at the tokens. [B, T, 1] */
function maskAt(x: Value, positions: Value): Value {
  if (x.rank !== 3 || positions.rank < 1 || positions.rank > 2 || positions.dtype !== "int64") {
    const got = `${showType(x)} and ${showType(positions)}`;
    throw new AssayError("SHAPE_MISMATCH", `taps: Expected a value [B, T, C] and int64 positions [B], got ${got}`);
  }
  const tokens = range(x.shape[1]!); // [T]
  const listed = positions.rank === 1 ? positions.expandDims(1) : positions; // [B, K]
  const hits = listed.expandDims(2).equal(tokens).cast("float32"); // [B, K, T]
  return hits
    .max({ axes: [1] })
    .greater(0)
    .expandDims(2);
}

const rowsOf = (x: Value, vector: Value): Value =>
  vector.rank === 1 ? vector.reshape([1, 1, x.shape[2]!]) : vector.expandDims(1);
