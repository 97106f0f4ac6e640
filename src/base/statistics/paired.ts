import { AssayError } from "../errors.ts";
import type { Interval } from "../words.ts";
import { type BootstrapOptions, bootstrapInterval, meanOf } from "./bootstrap.ts";
import { requireCount, requireNumbers, requirePairs } from "./checks.ts";
import { type Binomial, binomialCdf, binomialPmf } from "./distributions.ts";
import { members, type Resampling } from "./resampling.ts";
import { mean } from "./summary.ts";

/** What a test says: how often chance alone would differ at least as much. */
export interface TestResult {
  readonly pValue: number;
  readonly method: string;
}

/** Pairs on which two subjects disagree; only these say which of them is better. */
export interface Discordance {
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

/** Counts the samples that only one of two subjects solved; scores are 1 or 0. @throws AssayError STATISTICS_INPUT */
export function discordance(first: ArrayLike<number>, second: ArrayLike<number>): Discordance {
  requirePairs("discordance", first, second);
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let at = 0; at < first.length; at++) {
    const difference = bit(first[at]!) - bit(second[at]!);
    if (difference > 0) onlyFirst++;
    if (difference < 0) onlySecond++;
  }
  return { onlyFirst, onlySecond };
}

function bit(score: number): number {
  if (score === 0 || score === 1) return score;
  throw new AssayError(
    "STATISTICS_INPUT",
    `discordance: Expected scores of 0 or 1, got ${score}; use signFlip for fractions`,
  );
}

/**
 * McNemar's exact test that two subjects solve the same share of the same samples, two-sided; errs on the careful side.
 *
 *     p = min(1, 2 P(X ≤ min(b, c)))      X ~ Binomial(b + c, ½), b and c the two kinds of disagreement
 *
 * Source   McNemar 1947
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function mcnemarExact(counts: Discordance): TestResult {
  const { smaller, tosses } = coinTosses("mcnemarExact", counts);
  return { pValue: Math.min(1, 2 * binomialCdf(smaller, tosses)), method: "McNemar exact" };
}

/**
 * McNemar's mid-p test, two-sided: the default for two subjects on the same right-or-wrong samples.
 *
 *     p = 2 P(X < min(b, c)) + P(X = min(b, c)), and 1 − ½ P(X = b) for b = c      X ~ Binomial(b + c, ½)
 *
 * Outcomes as unlikely as the observed one count half. Without any disagreement p is 1.
 *
 * Source   Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, eq. 2 of their supplement
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function mcnemarMidP(counts: Discordance): TestResult {
  const method = "McNemar mid-p";
  const { smaller, tosses } = coinTosses("mcnemarMidP", counts);
  if (tosses.n === 0) return { pValue: 1, method };
  const observed = binomialPmf(smaller, tosses);
  const isEven = counts.onlyFirst === counts.onlySecond;
  return { pValue: isEven ? 1 - observed / 2 : 2 * binomialCdf(smaller - 1, tosses) + observed, method };
}

function coinTosses(who: string, { onlyFirst, onlySecond }: Discordance): { smaller: number; tosses: Binomial } {
  requireCount(who, onlyFirst);
  requireCount(who, onlySecond);
  return { smaller: Math.min(onlyFirst, onlySecond), tosses: { n: onlyFirst + onlySecond, share: 0.5 } };
}

/** How the interval of a paired difference is made. */
export interface PairedBootstrapOptions extends BootstrapOptions {
  /** How pairs belong together; independent pairs unless told. */
  readonly resampling?: Resampling;
}

/**
 * The mean difference second − first on the same samples, with its bootstrap interval; pairs are drawn together.
 *
 *     d̄ = Σ (yᵢ − xᵢ) / n
 *
 * For scores that are fractions, or pairs that come in clusters.
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function pairedBootstrap(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { resampling = members(first.length), ...options }: PairedBootstrapOptions,
): { readonly difference: number; readonly interval: Interval } {
  requirePairs("pairedBootstrap", first, second);
  requireNumbers("pairedBootstrap", first, 2);
  requireNumbers("pairedBootstrap", second, 2);
  const differences = Float64Array.from(first, (value, at) => second[at]! - value);
  return { difference: mean(differences), interval: bootstrapInterval(resampling, meanOf(differences), options) };
}
