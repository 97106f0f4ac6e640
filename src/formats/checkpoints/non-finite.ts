import type { Tensor } from "#base";

/** The first value that is NaN or infinite, and where; undefined when all are finite. */
export interface NonFinite {
  /** In row-major order. */
  readonly index: number;
  readonly value: number;
}

const blockLength = 8192;

/** Finds the first NaN or infinity of a tensor, at the speed of memory. */
export function firstNonFinite({ data, dtype }: Pick<Tensor, "data" | "dtype">): NonFinite | undefined {
  if (dtype !== "float32" && dtype !== "float64") return undefined;
  const values = data as Float32Array | Float64Array;
  for (let start = 0; start < values.length; start += blockLength) {
    const end = Math.min(start + blockLength, values.length);
    if (isFiniteBlock(values, start, end)) continue;
    const index = values.subarray(start, end).findIndex((value) => !Number.isFinite(value)) + start;
    return { index, value: values[index]! };
  }
  return undefined;
}

/** 0 · x is 0 for finite x, and NaN otherwise. */
function isFiniteBlock(values: Float32Array | Float64Array, start: number, end: number): boolean {
  let sum = 0;
  for (let at = start; at < end; at++) sum += values[at]! * 0;
  return sum === 0;
}
