import { requireCount, requireLevel, requireNumbers, requirePositive, requireShare } from "./checks.ts";
import * as stdlib from "./stdlib.ts";

/**
 * The share of the standard normal distribution below z.
 *
 *     Φ(z) = ½ erfc(−z / √2)
 *
 * Source   @stdlib/stats-base-dists-normal-cdf
 */
export function normalCdf(z: number): number {
  return stdlib.normalCdf(z, 0, 1);
}

/**
 * The z below which a share of the standard normal distribution lies; ∓∞ for 0 and 1.
 *
 *     Φ⁻¹(p) = −√2 erfc⁻¹(2p)
 *
 * Source   @stdlib/math-base-special-erfcinv; through erf⁻¹(2p − 1), as its normal quantile goes, small p lose their digits
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function normalQuantile(share: number): number {
  requireShare("normalQuantile", share);
  return -Math.SQRT2 * stdlib.erfcinv(2 * share);
}

/**
 * The t below which a share of Student's distribution lies: for intervals around a mean of few values.
 *
 * Source   @stdlib/stats-base-dists-t-quantile
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function studentQuantile(share: number, degreesOfFreedom: number): number {
  requireLevel("studentQuantile", share);
  requireNumbers("studentQuantile", [degreesOfFreedom]);
  requirePositive("studentQuantile", degreesOfFreedom);
  // The quantiles are one to the last digit, and @stdlib says 0 for some of so many degrees.
  if (degreesOfFreedom > 1e15) return normalQuantile(share);
  return stdlib.studentQuantile(share, degreesOfFreedom);
}

/**
 * The value below which a share of the beta distribution lies: for exact binomial intervals.
 *
 * Source   @stdlib/stats-base-dists-beta-quantile
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function betaQuantile(share: number, shape: { readonly alpha: number; readonly beta: number }): number {
  requireShare("betaQuantile", share);
  requireNumbers("betaQuantile", [shape.alpha, shape.beta]);
  return stdlib.betaQuantile(share, shape.alpha, shape.beta);
}

/** Tosses of a coin: how many, and how likely each is to succeed. */
export interface Binomial {
  readonly n: number;
  readonly share: number;
}

/**
 * The chance of at most `successes` in n independent tries.
 *
 *     P(X ≤ k) = Σᵢ₌₀ᵏ C(n, i) pⁱ (1 − p)ⁿ⁻ⁱ
 *
 * Trap: chances below 1e-250 may come out as 0.
 *
 * Source   @stdlib/stats-base-dists-binomial-cdf
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function binomialCdf(successes: number, { n, share }: Binomial): number {
  requireNumbers("binomialCdf", [successes]);
  requireCount("binomialCdf", n);
  requireShare("binomialCdf", share);
  return stdlib.binomialCdf(successes, n, share);
}

/**
 * The chance of exactly `successes` in n independent tries.
 *
 *     P(X = k) = C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ, its logarithm summed with ln Γ
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function binomialPmf(successes: number, { n, share }: Binomial): number {
  requireCount("binomialPmf", n);
  requireCount("binomialPmf", successes, { least: 0, most: n });
  requireShare("binomialPmf", share);
  const failures = n - successes;
  const logChoose = lgamma(n + 1) - lgamma(successes + 1) - lgamma(failures + 1);
  return Math.exp(logChoose + timesLog(successes, share) + timesLog(failures, 1 - share));
}

// 0 · ln 0 is 0 here: the factor p⁰ is 1 even for p = 0.
const timesLog = (count: number, share: number): number => (count === 0 ? 0 : count * Math.log(share));

/**
 * ln |Γ(x)|, to 1e-12.
 *
 * Source   @stdlib/math-base-special-gammaln, after FreeBSD's e_lgamma_r.c
 */
export function lgamma(x: number): number {
  return stdlib.gammaln(x);
}

/**
 * ψ(x) = d/dx ln Γ(x), to 1e-12.
 *
 * Source   @stdlib/math-base-special-digamma, after Boost
 */
export function digamma(x: number): number {
  return stdlib.digamma(x);
}
