import { requireCount, requireNumbers, requireShare } from "./checks.ts";

/**
 * The sum, correctly rounded: the order of the values does not matter, not even in the last digit.
 *
 * The running sum is kept as numbers that do not overlap, so that no bit is lost before the one rounding at the end.
 *
 * Source   Shewchuk 1997, "Adaptive precision floating-point arithmetic", §2.4; CPython's `math.fsum`
 *
 * @throws AssayError STATISTICS_INPUT for NaN and infinities
 */
export function sum(values: ArrayLike<number>): number {
  requireNumbers("sum", values, 0);
  const partials: number[] = [];
  for (let at = 0; at < values.length; at++) addExactly(partials, values[at]!);
  return roundOnce(partials);
}

function addExactly(partials: number[], value: number): void {
  let high = value;
  let kept = 0;
  for (const partial of partials) {
    const total = high + partial;
    const lost = Math.abs(high) < Math.abs(partial) ? high - (total - partial) : partial - (total - high);
    if (lost !== 0) partials[kept++] = lost;
    high = total;
  }
  partials.length = kept;
  if (high !== 0) partials.push(high);
}

function roundOnce(partials: readonly number[]): number {
  let at = partials.length - 1;
  if (at < 0) return 0;
  let total = partials[at]!;
  let lost = 0;
  while (at > 0 && lost === 0) {
    const before = total;
    const partial = partials[--at]!;
    total = before + partial;
    lost = partial - (total - before);
  }
  // A tie that the addition rounded to even goes the other way when what lies below it has the same sign.
  const doubled = lost * 2;
  const isTie = at > 0 && Math.sign(lost) === Math.sign(partials[at - 1]!) && total + doubled - total === doubled;
  return isTie ? total + doubled : total;
}

/**
 * The arithmetic mean.
 *
 *     x̄ = Σ xᵢ / n
 *
 * @throws AssayError STATISTICS_INPUT when there is no value, or one that is not finite
 */
export function mean(values: ArrayLike<number>): number {
  requireNumbers("mean", values);
  return sum(values) / values.length;
}

/**
 * How far values scatter around their mean.
 *
 *     s = √(Σ (xᵢ − x̄)² / (n − d))      d = 1 estimates the population's from a sample, d = 0 describes the values themselves
 *
 * @throws AssayError STATISTICS_INPUT when there are not more than d values, or one is not finite
 */
export function standardDeviation(values: ArrayLike<number>, { ddof = 1 }: { readonly ddof?: number } = {}): number {
  requireCount("standardDeviation", ddof);
  requireNumbers("standardDeviation", values, ddof + 1);
  const centre = mean(values);
  const squares = Float64Array.from(values, (value) => (value - centre) ** 2);
  return Math.sqrt(sum(squares) / (values.length - ddof));
}

/**
 * The value below which a share of the values lies, linear between neighbours.
 *
 *     h = (n − 1) q;   x₍⌊h⌋₎ + (h − ⌊h⌋) (x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎)      x₍₀₎ ≤ x₍₁₎ ≤ … sorted
 *
 * Source   Hyndman and Fan 1996, type 7: the default of NumPy and R
 *
 * @throws AssayError STATISTICS_INPUT when there is no value, or one that is not finite
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  requireShare("quantile", share);
  requireNumbers("quantile", values);
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!;
  return below + (place - Math.floor(place)) * (above - below);
}

/** The middle value, or the mean of the two middle ones. @throws AssayError STATISTICS_INPUT */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
