/** Test images are a sample: what another draw of them could have said. Seeds are another chance, judged beside it. */
import {
  bootstrapInterval,
  type IndexStatistic,
  type Interval,
  mean,
  meanOf,
  members,
  stream,
  wilson,
  zeroEventLimit,
} from "#base";

/** A number for each test image, in the order of the source. */
export type PerImage = readonly number[];

const bootstrapped = (n: number, statistic: IndexStatistic, method: "BCa" | "percentile"): Interval =>
  bootstrapInterval(members(n), statistic, { random: stream(0, "pace/images"), method });

const isShare = (values: PerImage): boolean => values.every((value) => value === 0 || value === 1);

/** The 95 % interval of a mean over images by the bootstrap; absent for a single image. */
export function meanOverImages(values: PerImage): Interval | undefined {
  if (values.length < 2) return undefined;
  if (values.every((value) => value === values[0])) return flat(values[0]!);
  return bootstrapped(values.length, meanOf(values), "BCa");
}

/** The 95 % interval of a share of images, each of which is yes (1) or no (0). */
export const shareOfImages = (values: PerImage): Interval | undefined =>
  values.length < 2 ? undefined : wilson(values.filter((value) => value === 1).length, values.length);

/** A number that chance has no part in, such as a sparsity that the prior alone decides. */
const flat = (value: number): Interval => ({ low: value, high: value, level: 0.95, method: "bootstrap, all equal" });

/** A number with its interval. */
export interface Compared {
  readonly value: number;
  readonly n: number;
  readonly interval?: Interval;
}

/**
 * One explainer beside the best other on the same images; the best is chosen anew in each resample.
 *
 *     sign · mean(own) − max_other sign · mean(other)
 *
 * Trap: answers on which nobody differs resample to an interval of width zero; as many as the limit of zero events may differ.
 */
export function leadOverImages(own: PerImage, others: readonly PerImage[], sign: 1 | -1): Compared {
  const at = (values: PerImage, positions: Uint32Array) => {
    let total = 0;
    for (const position of positions) total += values[position]!;
    return (sign * total) / positions.length;
  };
  const statistic = (positions: Uint32Array) =>
    at(own, positions) - Math.max(...others.map((other) => at(other, positions)));
  const n = own.length;
  const value = statistic(Uint32Array.from({ length: n }, (_, position) => position));
  if (n < 2) return { value, n };
  const interval = bootstrapped(n, statistic, "percentile");
  return { value, n, interval: isShare([own, ...others].flat()) ? widened(interval, n) : interval };
}

function widened(interval: Interval, n: number): Interval {
  if (interval.low < interval.high) return interval;
  const { high: reach, method } = zeroEventLimit(n);
  return { ...interval, low: interval.low - reach, high: interval.high + reach, method };
}

/** So unlikely a resample does not come up. */
const never = 1e-9;

/**
 * The quotient of two means over the same images.
 *
 * Trap: of few images a resample may hold none but those whose lower number is zero; then there is no interval.
 */
export function quotientOverImages(above: PerImage, below: PerImage): Compared {
  const n = above.length;
  const value = mean(above) / mean(below);
  const total = (values: PerImage, positions: Uint32Array) => positions.reduce((sum, at) => sum + values[at]!, 0);
  const statistic = (positions: Uint32Array) => total(above, positions) / total(below, positions);
  const zeros = below.filter((one) => one === 0).length;
  const mayVanish = (zeros / n) ** n > never;
  return n < 2 || mayVanish ? { value, n } : { value, n, interval: bootstrapped(n, statistic, "percentile") };
}
