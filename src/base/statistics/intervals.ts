import type { Interval } from "../words.ts";
import { requireCount, requireLevel, requireNumbers } from "./checks.ts";
import { betaQuantile, normalQuantile, studentQuantile } from "./distributions.ts";
import { mean, standardDeviation } from "./summary.ts";

/** How sure an interval is to hold the truth; 0.95 unless told. */
export interface LevelOption {
  readonly level?: number;
}

/**
 * The interval for a share: the default for accuracies of independent samples.
 *
 *     (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n)      p̂ = k/n, z = Φ⁻¹((1 + level)/2)
 *
 * It holds the truth about as often as it says, on average over the truth, at every n and near 0 and 1 too.
 *
 * Source   Wilson 1927; recommended by Brown, Cai and DasGupta 2001, "Interval estimation for a binomial proportion"
 *
 * @throws AssayError STATISTICS_INPUT for n = 0: nothing measured has no interval, the record leaves it out
 */
export function wilson(successes: number, n: number, { level = 0.95 }: LevelOption = {}): Interval {
  requireShareOfCounts("wilson", { successes, n, level });
  const z = normalQuantile((1 + level) / 2);
  const share = successes / n;
  const centre = share + z ** 2 / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const scale = 1 + z ** 2 / n;
  // At the ends the equation gives 0 and 1 exactly, its rounding does not.
  const low = successes === 0 ? 0 : (centre - reach) / scale;
  const high = successes === n ? 1 : (centre + reach) / scale;
  return { low, high, level, method: "Wilson" };
}

/**
 * The exact interval for a share: never below its level, hence wider than Wilson's; for claims that must not be too bold.
 *
 *     low = B⁻¹(α/2; k, n − k + 1), high = B⁻¹(1 − α/2; k + 1, n − k)      B⁻¹ beta quantile, α = 1 − level
 *
 * Source   Clopper and Pearson 1934
 *
 * @throws AssayError STATISTICS_INPUT for n = 0
 */
export function clopperPearson(successes: number, n: number, { level = 0.95 }: LevelOption = {}): Interval {
  requireShareOfCounts("clopperPearson", { successes, n, level });
  const tail = (1 - level) / 2;
  const failures = n - successes;
  const low = successes === 0 ? 0 : betaQuantile(tail, { alpha: successes, beta: failures + 1 });
  const high = failures === 0 ? 1 : betaQuantile(1 - tail, { alpha: successes + 1, beta: failures });
  return { low, high, level, method: "Clopper-Pearson" };
}

/** Hits among tries. */
export interface Share {
  readonly successes: number;
  readonly n: number;
}

/**
 * The interval for the difference of two independent shares, first − second, from Wilson's interval of each.
 *
 *     low = d − √((p₁ − l₁)² + (u₂ − p₂)²), high = d + √((u₁ − p₁)² + (p₂ − l₂)²)      d = p₁ − p₂
 *
 * Source   Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10
 *
 * @throws AssayError STATISTICS_INPUT for n = 0
 */
export function newcombe(first: Share, second: Share, options: LevelOption = {}): Interval {
  const [one, two] = [first, second].map(({ successes, n }) => ({
    share: successes / n,
    ...wilson(successes, n, options),
  })) as [Interval & { share: number }, Interval & { share: number }];
  const difference = one.share - two.share;
  return {
    low: difference - Math.hypot(one.share - one.low, two.high - two.share),
    high: difference + Math.hypot(one.high - one.share, two.share - two.low),
    level: one.level,
    method: "Newcombe",
  };
}

/**
 * The one-sided limit for the rate of something that was never seen in n tries ("gone", "no leak").
 *
 *     high = 1 − α^(1/n)      α = 1 − level; about 3/n at 95 %, the rule of three
 *
 * Source   Hanley and Lippman-Hand 1983, "If nothing goes wrong, is everything all right?"
 *
 * @throws AssayError STATISTICS_INPUT for n = 0
 */
export function zeroEventLimit(n: number, { level = 0.95 }: LevelOption = {}): Interval {
  requireShareOfCounts("zeroEventLimit", { successes: 0, n, level });
  return { low: 0, high: -Math.expm1(Math.log1p(-level) / n), level, method: "exact upper limit for zero events" };
}

/** How the interval of a mean is made. */
export interface MeanIntervalOptions extends LevelOption {
  /** The least and the most that the mean can be: the formula knows of no bounds, and is cut there. Default none. */
  readonly range?: readonly [least: number, most: number];
}

const unbounded = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/**
 * The interval for a mean of independent, roughly normal values, such as one score a seed.
 *
 *     x̄ ± t s/√n      t = the (1 + level)/2 quantile of Student's distribution with n − 1 degrees of freedom
 *
 * For skewed or clustered values use the bootstrap.
 *
 * Source   Student 1908
 *
 * @throws AssayError STATISTICS_INPUT for fewer than two values, or one that is not finite
 */
export function meanInterval(
  values: ArrayLike<number>,
  { level = 0.95, range: [least, most] = unbounded }: MeanIntervalOptions = {},
): Interval {
  requireNumbers("meanInterval", values, 2);
  requireLevel("meanInterval", level);
  const t = studentQuantile((1 + level) / 2, values.length - 1);
  const reach = (t * standardDeviation(values)) / Math.sqrt(values.length);
  const centre = mean(values);
  return { low: Math.max(least, centre - reach), high: Math.min(most, centre + reach), level, method: "Student t" };
}

function requireShareOfCounts(who: string, counts: { successes: number; n: number; level: number }): void {
  requireCount(who, counts.n, { least: 1 });
  requireCount(who, counts.successes, { least: 0, most: counts.n });
  requireLevel(who, counts.level);
}
