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

/** How intervals are drawn. */
export interface IntervalOptions {
  readonly resamples: number;
  readonly seed: number;
  /** What the stream of draws is called after. */
  readonly name: string;
  /** Whether the numbers are shares of one thing; differences of two are not. Default true. */
  readonly isShare?: boolean;
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
 * differences.
 */
export function intervalOf(
  values: readonly number[],
  { resamples, seed, name, isShare = true }: IntervalOptions,
): Interval | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const [first] = values;
  if (!values.every((value) => value === first)) {
    if (n < leastForBootstrap) return withinRange(meanInterval(values), isShare && values.every(isUnit));
    const random = stream(seed, `cross-lingual-editing/bootstrap/${name}`);
    return bootstrapInterval(members(n), meanOf(values), { random, resamples, method: "percentile" });
  }
  return isShare && (first === 0 || first === 1) ? wilson(first * n, n) : undefined;
}

const isUnit = (value: number): boolean => value >= 0 && value <= 1;

/** A share lies between 0 and 1, whatever Student's formula says. */
const withinRange = (interval: Interval, isUnitRange: boolean): Interval =>
  isUnitRange ? { ...interval, low: Math.max(0, interval.low), high: Math.min(1, interval.high) } : interval;

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
