import { AssayError } from "../errors.ts";
import type { RandomStream } from "../random/streams.ts";
import type { Interval } from "../words.ts";
import { requireCount, requireLevel, requireNumbers } from "./checks.ts";
import { normalCdf, normalQuantile } from "./distributions.ts";
import type { LevelOption } from "./intervals.ts";
import type { Resampling } from "./resampling.ts";
import { mean, quantile, sum } from "./summary.ts";

/** A number computed from the members at some positions; a position may come more than once. */
export interface IndexStatistic {
  (positions: Uint32Array): number;
  /** The number without each unit in turn, where there is a shorter way to it than computing it anew each time. */
  readonly withoutEach?: (resampling: Resampling) => Float64Array;
}

/** Where the chance comes from, and how often it is asked. */
export interface ResampleOptions {
  readonly random: RandomStream;
  /** How many times to draw; 2,000 unless told. */
  readonly resamples?: number;
}

/** How a bootstrap interval is made. */
export interface BootstrapOptions extends ResampleOptions, LevelOption {
  /** `BCa` unless told: it corrects bias and skewness, at the price of one more evaluation a unit. */
  readonly method?: "BCa" | "percentile";
}

/** The mean of the values at some positions, as a statistic to resample. @throws AssayError STATISTICS_INPUT */
export function meanOf(values: ArrayLike<number>): IndexStatistic {
  requireNumbers("meanOf", values);
  const numbers = Float64Array.from(values);
  const total = (positions: Uint32Array) => {
    let added = 0;
    for (let at = 0; at < positions.length; at++) added += numbers[positions[at]!]!;
    return added;
  };
  const everything = sum(numbers);
  const without = (unit: Uint32Array) => (everything - total(unit)) / (numbers.length - unit.length);
  const withoutEach = ({ size, units, unit }: Resampling) => {
    requireCount("meanOf", size, { least: numbers.length, most: numbers.length });
    return new Float64Array(units).map((_, at) => without(unit(at)));
  };
  return Object.assign((positions: Uint32Array) => total(positions) / positions.length, { withoutEach });
}

/** Any function of values, as a statistic to resample: `statisticOf(scores, median)`. @throws AssayError STATISTICS_INPUT */
export function statisticOf(values: ArrayLike<number>, compute: (values: Float64Array) => number): IndexStatistic {
  requireNumbers("statisticOf", values);
  return (positions) => compute(Float64Array.from(positions, (position) => values[position]!));
}

/**
 * The bootstrap interval of a statistic: for numbers that no formula covers, and for clustered data.
 *
 * Trap: data whose members are all equal gives an interval of width zero, which says nothing; for shares of 0 or 1 use
 * `wilson` or `zeroEventLimit`.
 *
 * Source   Efron and Tibshirani 1993, An Introduction to the Bootstrap, chapters 13 and 14
 *
 * @example bootstrapInterval(clusters(pictureOf), meanOf(scores), { random: stream(0, "bootstrap/accuracy") })
 * @throws AssayError STATISTICS_INPUT, also when the statistic is not a finite number on some resample
 */
export function bootstrapInterval(
  resampling: Resampling,
  statistic: IndexStatistic,
  options: BootstrapOptions,
): Interval {
  const { level = 0.95, method = "BCa" } = options;
  const distribution = bootstrapDistribution(resampling, statistic, options);
  if (method === "percentile") return percentileInterval(distribution, { level });
  const estimate = statistic(Uint32Array.from({ length: resampling.size }, (_, at) => at));
  return bcaInterval({ estimate, distribution, jackknife: jackknife(resampling, statistic) }, { level });
}

/** The statistic on each resample. @throws AssayError STATISTICS_INPUT */
export function bootstrapDistribution(
  resampling: Resampling,
  statistic: IndexStatistic,
  { random, resamples = 2000 }: ResampleOptions,
): Float64Array {
  requireCount("bootstrap", resamples, { least: 1 });
  return new Float64Array(resamples).map(() => finite(statistic(resampling.draw(random)), "a resample"));
}

/** The statistic with each unit left out in turn. @throws AssayError STATISTICS_INPUT */
export function jackknife(resampling: Resampling, statistic: IndexStatistic): Float64Array {
  if (statistic.withoutEach) return statistic.withoutEach(resampling);
  return new Float64Array(resampling.units).map((_, unit) =>
    finite(statistic(resampling.without(unit)), "a jackknife"),
  );
}

function finite(value: number, where: string): number {
  if (Number.isFinite(value)) return value;
  throw new AssayError("STATISTICS_INPUT", `bootstrap: Expected a finite statistic on ${where}, got ${value}`);
}

/**
 * The middle part of a bootstrap distribution.
 *
 *     [G⁻¹(α/2), G⁻¹(1 − α/2)]      G the distribution's cumulative share, α = 1 − level
 *
 * Source   Efron and Tibshirani 1993, §13.3
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function percentileInterval(distribution: Float64Array, { level = 0.95 }: LevelOption = {}): Interval {
  requireLevel("percentileInterval", level);
  const tail = (1 - level) / 2;
  return between(distribution, { low: tail, high: 1 - tail, level, name: "percentile" });
}

/** What a BCa interval is computed from. */
export interface BcaEvidence {
  readonly estimate: number;
  readonly distribution: Float64Array;
  readonly jackknife: Float64Array;
}

/**
 * The bias-corrected and accelerated bootstrap interval: percentiles, moved for the median bias z₀ and the skewness a.
 *
 *     z₀ = Φ⁻¹(share of the distribution below the estimate, ties counted half)
 *     a  = Σ dᵢ³ / 6 (Σ dᵢ²)^(3/2),  dᵢ = mean of the jackknife − its i-th value
 *     α' = Φ(z₀ + (z₀ + z) / (1 − a (z₀ + z)))  for z = ∓Φ⁻¹((1 + level)/2);  the interval is [G⁻¹(α'₋), G⁻¹(α'₊)]
 *
 * Source   Efron 1987; Efron and Tibshirani 1993, §14.3, eq. 14.10, 14.14, 14.15
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function bcaInterval(evidence: BcaEvidence, { level = 0.95 }: LevelOption = {}): Interval {
  requireLevel("bcaInterval", level);
  requireNumbers("bcaInterval", [evidence.estimate]);
  const bias = normalQuantile(shareBelow(evidence.distribution, evidence.estimate));
  const acceleration = skewOf(evidence.jackknife);
  const moved = (z: number) => {
    const toBias = bias + z;
    const stretch = 1 - acceleration * toBias;
    // Where the stretch reaches zero the moved z has run to infinity.
    return stretch > 0 ? normalCdf(bias + toBias / stretch) : Number(toBias > 0);
  };
  const z = normalQuantile((1 + level) / 2);
  return between(evidence.distribution, { low: moved(-z), high: moved(z), level, name: "BCa" });
}

/** Kept half a resample away from 0 and 1, where Φ⁻¹ is infinite. */
function shareBelow(distribution: Float64Array, estimate: number): number {
  const size = distribution.length;
  const below = distribution.reduce((count, value) => count + (value < estimate ? 1 : value === estimate ? 0.5 : 0), 0);
  return Math.min(Math.max(below, 0.5), size - 0.5) / size;
}

function skewOf(jackknifed: Float64Array): number {
  const centre = mean(jackknifed);
  let squares = 0;
  let cubes = 0;
  for (const value of jackknifed) {
    squares += (centre - value) ** 2;
    cubes += (centre - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

function between(
  distribution: Float64Array,
  { low, high, level, name }: { low: number; high: number; level: number; name: string },
): Interval {
  return {
    low: quantile(distribution, low),
    high: quantile(distribution, high),
    level,
    method: `${name} bootstrap, ${distribution.length} resamples`,
  };
}
