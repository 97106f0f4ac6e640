import { sum } from "#base";

/** What a subject wrote beside what it should have written. */
export interface TextPair {
  readonly candidate: string;
  /** Several where the metric takes the best of them, or the union of their n-grams. */
  readonly reference: string | readonly string[];
}

/** What a metric says of a list of pairs. */
export interface MetricResult {
  /** Names the variant: two numbers may be compared when their signatures are equal. */
  readonly signature: string;
  /** On the scale of the reference implementation; null when there was nothing to measure. */
  readonly value: number | null;
  readonly n: number;
  /** In the order of the pairs. */
  readonly perSample: readonly number[];
}

/** A metric on pairs of texts. */
export interface TextMetric {
  /** What `reference` may be: one text, several texts, or a list of names. */
  readonly references: "one" | "several" | "names";
  score(pairs: readonly TextPair[]): MetricResult | Promise<MetricResult>;
}

/** The references of a pair as a list. */
export const referencesOf = ({ reference }: TextPair): readonly string[] =>
  typeof reference === "string" ? [reference] : reference;

/** `1` when every pair has one reference, `var` when their number varies: as sacreBLEU writes it. */
export function countReferences(pairs: readonly TextPair[]): string {
  const counts = new Set(pairs.map((pair) => referencesOf(pair).length));
  return counts.size > 1 ? "var" : String([...counts][0] ?? 1);
}

/**
 * The plain mean of one score a pair.
 *
 *     value = (1 / n) · Σ score(pair)
 */
export function meanResult(
  signature: string,
  pairs: readonly TextPair[],
  score: (pair: TextPair) => number,
): MetricResult {
  const perSample = pairs.map(score);
  const n = perSample.length;
  return { signature, value: n === 0 ? null : sum(perSample) / n, n, perSample };
}
