import { requireNumbers, requirePairs } from "./checks.ts";
import { mean, sum } from "./summary.ts";

/**
 * Pearson's correlation: how near pairs lie to a straight line.
 *
 *     r = Σ (xᵢ − x̄)(yᵢ − ȳ) / √(Σ (xᵢ − x̄)² Σ (yᵢ − ȳ)²)
 *
 * @returns null when one side is constant: it has no correlation
 * @throws AssayError STATISTICS_INPUT for fewer than two pairs, lists of different length, or a value that is not finite
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  requirePairs("pearson", x, y);
  const dx = unitDeviations("pearson", x);
  const dy = unitDeviations("pearson", y);
  if (dx === null || dy === null) return null;
  const r = sum(dx.map((value, at) => value * dy[at]!));
  return Math.min(1, Math.max(-1, r));
}

/**
 * Spearman's correlation: how near pairs lie to any rising or falling curve; Pearson's on ranks, ties sharing theirs.
 *
 * Source   Spearman 1904; ties as in SciPy's `spearmanr`
 *
 * @returns null when one side is constant
 * @throws AssayError STATISTICS_INPUT for fewer than two pairs, lists of different length, or a value that is not finite
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number | null {
  requirePairs("spearman", x, y);
  requireNumbers("spearman", x, 2);
  requireNumbers("spearman", y, 2);
  return pearson(ranks(x), ranks(y));
}

/** The place of each value in ascending order, from 1; equal values share the mean of their places. @throws AssayError STATISTICS_INPUT */
export function ranks(values: ArrayLike<number>): Float64Array {
  requireNumbers("ranks", values);
  const order = Uint32Array.from({ length: values.length }, (_, at) => at).sort((a, b) => values[a]! - values[b]!);
  const ranked = new Float64Array(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let at = start; at < end; at++) ranked[order[at]!] = (start + 1 + end) / 2;
  }
  return ranked;
}

/** Deviations from the mean, scaled to a vector of length one; null when the values are all equal. */
function unitDeviations(who: string, values: ArrayLike<number>): Float64Array | null {
  requireNumbers(who, values, 2);
  const centre = mean(values);
  const deviations = Float64Array.from(values, (value) => value - centre);
  const largest = deviations.reduce((most, deviation) => Math.max(most, Math.abs(deviation)), 0);
  // A mean that rounds leaves deviations of equal values just off zero.
  if (largest === 0 || deviations.every((_, at) => values[at] === values[0])) return null;
  // Squares of very large or small deviations would leave the range of a number.
  const scaled = deviations.map((deviation) => deviation / largest);
  const length = Math.sqrt(sum(scaled.map((deviation) => deviation ** 2)));
  return scaled.map((deviation) => deviation / length);
}
