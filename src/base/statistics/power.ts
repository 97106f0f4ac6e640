import { requireCount, requireLevel, requireNotNegative, requireNumbers, requireShare } from "./checks.ts";
import { normalQuantile, studentQuantile } from "./distributions.ts";

/** How careful a planned two-sided test is. */
export interface PowerOptions {
  /** 1 − α; 0.95 unless told. */
  readonly level?: number;
  /** The chance to see the difference when it is there; 0.8 unless told. */
  readonly power?: number;
}

/**
 * How many samples decide whether a share lies above or below a bound.
 *
 *     n = ((z_α √(p₀(1 − p₀)) + z_β √(p₁(1 − p₁))) / (p₁ − p₀))²      p₀ bound, p₁ expected share
 *
 * "Needs m more samples" is this less those that are there.
 *
 * Source   Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, §2.4, without their correction
 *
 * @returns null when the share lies on the bound: no number decides
 * @throws AssayError STATISTICS_INPUT
 */
export function samplesForShare(
  { share, bound }: { readonly share: number; readonly bound: number },
  options: PowerOptions = {},
): number | null {
  requireShare("samplesForShare", share);
  requireShare("samplesForShare", bound);
  return wholeSamples({ difference: share - bound, null: spread(bound), alternative: spread(share) }, options);
}

/**
 * How many samples each of two independent groups needs to tell two shares apart.
 *
 *     n = ((z_α √(2 p̄(1 − p̄)) + z_β √(p₁(1 − p₁) + p₂(1 − p₂))) / (p₂ − p₁))²      p̄ = (p₁ + p₂)/2
 *
 * For subjects asked different questions; on the same questions `samplesForPairs` needs fewer.
 *
 * Source   Fleiss, Levin and Paik 2003, §4.2, eq. 4.14, without their continuity correction
 *
 * @returns null when the shares are equal
 * @throws AssayError STATISTICS_INPUT
 */
export function samplesForShares(
  { first, second }: { readonly first: number; readonly second: number },
  options: PowerOptions = {},
): number | null {
  requireShare("samplesForShares", first);
  requireShare("samplesForShares", second);
  const pooled = Math.SQRT2 * spread((first + second) / 2);
  const apart = Math.hypot(spread(first), spread(second));
  return wholeSamples({ difference: second - first, null: pooled, alternative: apart }, options);
}

/**
 * How many pairs McNemar's test needs, given the shares of pairs that only one of two subjects solves.
 *
 *     n = ((z_α √ψ + z_β √(ψ − δ²)) / δ)²      ψ = b + c, δ = c − b, as shares of all pairs
 *
 * Source   Connor 1987, "Sample size for testing differences in proportions for the paired-sample design"
 *
 * @returns null when the shares are equal
 * @throws AssayError STATISTICS_INPUT
 */
export function samplesForPairs(
  { onlyFirst, onlySecond }: { readonly onlyFirst: number; readonly onlySecond: number },
  options: PowerOptions = {},
): number | null {
  requireShare("samplesForPairs", onlyFirst);
  requireShare("samplesForPairs", onlySecond);
  requireShare("samplesForPairs", onlyFirst + onlySecond);
  return wholeSamples(pairedDesign(onlyFirst + onlySecond, onlySecond - onlyFirst), options);
}

/**
 * The smallest difference from a base share that two independent groups of n samples each are likely to show.
 *
 * @returns null when even the largest possible difference would be missed
 * @throws AssayError STATISTICS_INPUT
 */
export function detectableDifference(
  {
    base,
    n,
    direction = "higher",
  }: { readonly base: number; readonly n: number; readonly direction?: "higher" | "lower" },
  options: PowerOptions = {},
): number | null {
  requireShare("detectableDifference", base);
  requireCount("detectableDifference", n, { least: 1 });
  const from = direction === "higher" ? base : 1 - base;
  return smallestSeen({ limit: 1 - from, n }, (difference) => {
    const pooled = Math.SQRT2 * spread(from + difference / 2);
    const apart = Math.hypot(spread(from), spread(from + difference));
    return samples({ difference, null: pooled, alternative: apart }, options);
  });
}

/**
 * The smallest difference between two subjects that n pairs are likely to show, given the share of pairs that only one solves.
 *
 * @returns null when even a one-sided disagreement would be missed
 * @throws AssayError STATISTICS_INPUT
 */
export function detectablePairedDifference(
  { discordant, n }: { readonly discordant: number; readonly n: number },
  options: PowerOptions = {},
): number | null {
  requireShare("detectablePairedDifference", discordant);
  requireCount("detectablePairedDifference", n, { least: 1 });
  return smallestSeen({ limit: discordant, n }, (difference) => samples(pairedDesign(discordant, difference), options));
}

/**
 * How many tries without any event show that its rate lies below a bound.
 *
 *     n = ln(1 − level) / ln(1 − bound)
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function samplesForZeroEvents(bound: number, { level = 0.95 }: Pick<PowerOptions, "level"> = {}): number {
  requireLevel("samplesForZeroEvents", level);
  requireLevel("samplesForZeroEvents", bound);
  return Math.ceil(Math.log1p(-level) / Math.log1p(-bound));
}

/**
 * How many cases decide whether a mean lies above or below a bound, by Student's interval.
 *
 *     the least n with (t_α + t_β) s / √n ≤ |x̄ − bound|       t_α, t_β of Student's distribution with n − 1 degrees
 *
 * "Needs m more cases" is this less those that are there.
 *
 * Source   Julious 2004, Sample sizes for clinical trials with Normal data, §3, with central quantiles
 *
 * @returns null when the mean lies on the bound: no number decides
 * @throws AssayError STATISTICS_INPUT
 */
export function samplesForMean(
  { mean, spread, bound }: { readonly mean: number; readonly spread: number; readonly bound: number },
  { level = 0.95, power = 0.8 }: PowerOptions = {},
): number | null {
  requireNumbers("samplesForMean", [mean, spread, bound]);
  requireNotNegative("samplesForMean", spread);
  requireLevel("power", level);
  requireLevel("power", power);
  const difference = Math.abs(mean - bound);
  if (difference === 0) return null;
  const shares = [(1 + level) / 2, power];
  const reach = (n: number) =>
    (shares.reduce((sum, share) => sum + studentQuantile(share, n - 1), 0) * spread) / Math.sqrt(n);
  const normal = shares.reduce((sum, share) => sum + normalQuantile(share), 0);
  // Student's quantiles are the larger ones, so that the search begins at or below its end.
  let n = Math.max(2, Math.ceil(((Math.max(0, normal) * spread) / difference) ** 2));
  // Beyond exact numbers n + 1 is n: there Student's quantile is the normal one, and n is right as it stands.
  while (Number.isSafeInteger(n) && reach(n) > difference) n++;
  return n;
}

/** A difference to see, and what one sample scatters when there is none and when there is. */
interface Design {
  readonly difference: number;
  readonly null: number;
  readonly alternative: number;
}

const spread = (share: number): number => Math.sqrt(share * (1 - share));

function pairedDesign(discordant: number, difference: number): Design {
  const alternative = Math.sqrt(Math.max(0, discordant - difference ** 2));
  return { difference, null: Math.sqrt(discordant), alternative };
}

function samples(design: Design, { level = 0.95, power = 0.8 }: PowerOptions): number {
  requireLevel("power", level);
  requireLevel("power", power);
  const needed = normalQuantile((1 + level) / 2) * design.null + normalQuantile(power) * design.alternative;
  return (Math.max(0, needed) / design.difference) ** 2;
}

function wholeSamples(design: Design, options: PowerOptions): number | null {
  const needed = samples(design, options);
  return design.difference === 0 ? null : Math.max(1, Math.ceil(needed));
}

/** Bisects for the difference that needs exactly n samples; larger differences need fewer. */
function smallestSeen(
  { limit, n }: { limit: number; n: number },
  needed: (difference: number) => number,
): number | null {
  if (!(needed(limit) <= n)) return null;
  let missed = 0;
  let seen = limit;
  for (let middle = limit / 2; middle > missed && middle < seen; middle = (missed + seen) / 2) {
    if (needed(middle) <= n) seen = middle;
    else missed = middle;
  }
  return seen;
}
