import { sum } from "#base";
import { splitWords } from "../python-text.ts";
import { type MetricResult, meanResult, referencesOf, type TextPair } from "./metric.ts";

/** What two lists of tokens share. */
interface Overlap {
  readonly precision: number;
  readonly recall: number;
}

function overlap(candidate: readonly string[], reference: readonly string[]): Overlap {
  const left = Map.groupBy(reference, (token) => token);
  const shared = sum(
    [...Map.groupBy(candidate, (token) => token)].map(([token, found]) =>
      Math.min(found.length, left.get(token)?.length ?? 0),
    ),
  );
  return { precision: shared / (candidate.length || 1), recall: shared / (reference.length || 1) };
}

/**
 * F1 of two lists of tokens, each token as often as it occurs; 0 where they share none, which the formula alone leaves
 * undefined.
 *
 *     F1 = 2 · p · r / (p + r)      p = shared / |candidate|     r = shared / |reference|
 */
export function tokenF1(candidate: readonly string[], reference: readonly string[]): number {
  const { precision: p, recall: r } = overlap(candidate, reference);
  return p + r === 0 ? 0 : (2 * p * r) / (p + r);
}

/**
 * What ReMaKE reports under the name of F1: the product of precision and recall, which is not F1.
 *
 *     F1² ≤ p · r ≤ F1      p = r = ½ gives ¼, where F1 is ½
 */
export function tokenProduct(candidate: readonly string[], reference: readonly string[]): number {
  const { precision, recall } = overlap(candidate, reference);
  return precision * recall;
}

const wordsOf = (text: string): string[] => splitWords(text.normalize("NFC"));

/** The mean F1 of the words that white space parts, as Python knows it, NFC on both sides. */
export function wordF1(pairs: readonly TextPair[]): MetricResult {
  return meanResult("word-f1|norm:NFC|tok:split|count:multiset|mean:plain|scale:1|assay:2", pairs, (pair) =>
    tokenF1(wordsOf(pair.candidate), wordsOf(referencesOf(pair)[0]!)),
  );
}
