/** Correlations of draws with replacement from fixed pairs: what a bootstrap asks for thousands of times. */
import { requireNumbers, requirePairs } from "./checks.ts";

/** The correlation of the pairs at some positions, which may come more than once; null when one side is constant there. */
export type DrawnCorrelation = (positions: Uint32Array) => number | null;

/**
 * Pearson's correlation of draws.
 *
 * @throws AssayError STATISTICS_INPUT as `pearson` does
 */
export function drawnPearson(x: ArrayLike<number>, y: ArrayLike<number>): DrawnCorrelation {
  expectPairs("drawnPearson", x, y);
  return (positions) => weightedPearson(x, y, copiesOf(positions, x.length));
}

/**
 * Spearman's correlation of draws. Values are put in order once; a draw only counts copies along that order, and shares
 * of equal values share the mean of their places as in `spearman`.
 *
 * @throws AssayError STATISTICS_INPUT as `spearman` does
 */
export function drawnSpearman(x: ArrayLike<number>, y: ArrayLike<number>): DrawnCorrelation {
  expectPairs("drawnSpearman", x, y);
  const [first, second] = [ascending(x), ascending(y)];
  return (positions) => {
    const copies = copiesOf(positions, x.length);
    return weightedPearson(drawnRanks(x, first, copies), drawnRanks(y, second, copies), copies);
  };
}

function expectPairs(who: string, x: ArrayLike<number>, y: ArrayLike<number>): void {
  requirePairs(who, x, y);
  requireNumbers(who, x, 2);
  requireNumbers(who, y, 2);
}

function copiesOf(positions: Uint32Array, count: number): Uint32Array {
  const copies = new Uint32Array(count);
  for (let at = 0; at < positions.length; at++) copies[positions[at]!]!++;
  return copies;
}

const ascending = (values: ArrayLike<number>): Uint32Array =>
  Uint32Array.from({ length: values.length }, (_, at) => at).sort((a, b) => values[a]! - values[b]!);

/** The ranks of values of which each is there `copies` times; what is not drawn has the rank that it would share. */
function drawnRanks(values: ArrayLike<number>, order: Uint32Array, copies: Uint32Array): Float64Array {
  const ranked = new Float64Array(values.length);
  let before = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    let drawn = 0;
    while (end < order.length && values[order[end]!] === values[order[start]!]) drawn += copies[order[end++]!]!;
    for (let at = start; at < end; at++) ranked[order[at]!] = before + (drawn + 1) / 2;
    before += drawn;
  }
  return ranked;
}

/** r = Σ c (x − x̄)(y − ȳ) / √(Σ c (x − x̄)² Σ c (y − ȳ)²) */
function weightedPearson(x: ArrayLike<number>, y: ArrayLike<number>, copies: Uint32Array): number | null {
  const [first, second] = [spreadOf(x, copies), spreadOf(y, copies)];
  if (first.width === 0 || second.width === 0) return null;
  let [xx, yy, xy] = [0, 0, 0];
  for (let at = 0; at < copies.length; at++) {
    // Divided by their width, for squares of very large or small deviations would leave the range of a number.
    const [dx, dy] = [(x[at]! - first.mean) / first.width, (y[at]! - second.mean) / second.width];
    xx += copies[at]! * dx * dx;
    yy += copies[at]! * dy * dy;
    xy += copies[at]! * dx * dy;
  }
  return Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy)));
}

/** The mean of what was drawn, and how far its largest lies from its smallest. */
function spreadOf(values: ArrayLike<number>, copies: Uint32Array): { readonly mean: number; readonly width: number } {
  let [total, count, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < copies.length; at++) {
    if (copies[at] === 0) continue;
    const value = values[at]!;
    total += copies[at]! * value;
    count += copies[at]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { mean: total / count, width: most - least };
}
