/** Means over facts, with intervals that resample facts. */
import { bootstrapInterval, type Interval, mean, meanInterval, meanOf, members, stream, wilson } from "#base";
import type { Case } from "./case.ts";
import type { NumberName } from "./measures.ts";

/** A mean over facts. */
export interface FactMean {
  readonly value: number;
  /** Facts. */
  readonly n: number;
  readonly interval?: Interval;
}

/** The least and the most that a number can be. */
export type Range = readonly [least: number, most: number];
/** A share of one thing. */
export const share: Range = [0, 1];
/** A difference of two shares. */
export const differenceOfShares: Range = [-1, 1];

/** A number that could be anything. */
export const unbounded: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** How intervals are drawn. */
export interface IntervalOptions {
  readonly resamples: number;
  readonly seed: number;
  /** What the stream of draws is called after. */
  readonly name: string;
  /** Between what the numbers lie, and so their mean. Default a share's. */
  readonly range?: Range;
}

/** One number a fact: the mean over its cases, seeds and languages, that have one. */
export function perFact(cases: readonly Case[], number: (one: Case) => number | null): Map<string, number> {
  const groups = Map.groupBy(cases, ({ fact }) => fact);
  const entries = [...groups].flatMap(([fact, own]) => {
    const values = own.map(number).filter((value) => value !== null);
    return values.length === 0 ? [] : [[fact, mean(values)] as const];
  });
  return new Map(entries);
}

/** The mean of one number a fact; null where no fact has one. */
export function factMean(numbers: ReadonlyMap<string, number>, options: IntervalOptions): FactMean | null {
  const values = [...numbers.values()];
  if (values.length === 0) return null;
  const interval = intervalOf(values, options);
  return { value: mean(values), n: values.length, ...(interval === undefined ? {} : { interval }) };
}

/** Below so many facts a percentile bootstrap is too narrow by far, and Student's interval stands in. */
const leastForBootstrap = 10;

/**
 * An interval of a mean over facts: the percentile bootstrap, Student's for few facts, and Wilson's where all facts agree
 * on 0 or 1, since equal numbers have no spread and say nothing by the others. None for fewer than two facts, or equal
 * numbers that are no shares.
 */
export function intervalOf(
  values: readonly number[],
  { resamples, seed, name, range = share }: IntervalOptions,
): Interval | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const [first] = values;
  if (!values.every((value) => value === first)) {
    if (n < leastForBootstrap) return meanInterval(values, { range });
    const random = stream(seed, `cross-lingual-editing/bootstrap/${name}`);
    return bootstrapInterval(members(n), meanOf(values), { random, resamples, method: "percentile" });
  }
  return range === share && (first === 0 || first === 1) ? wilson(first * n, n) : undefined;
}

/** A case's number by its name. */
export const numberNamed =
  (name: NumberName) =>
  (one: Case): number | null =>
    one.numbers[name];

/** First minus second, fact by fact, where both have a number. */
export function differenceOf(
  first: ReadonlyMap<string, number>,
  second: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...first].flatMap(([fact, value]) => (second.has(fact) ? [[fact, value - second.get(fact)!]] : [])));
}
