import { sum } from "#base";
import { splitWords } from "../python-text.ts";
import { countTokens } from "./bleu.ts";
import { type MetricResult, meanResult, referencesOf, type TextPair } from "./metric.ts";

const signature = "bleu-nltk3|as:nltk-3.8.1|tok:split|order:4|smooth:method3|mean:plain|scale:1|assay:1";

/**
 * NLTK's sentence BLEU-4 with smoothing method 3 on words between white space, from 0 to 1, and its plain mean.
 *
 *     p_n  = matches_n / max(1, total_n), and 1 / (2^k · max(1, total_n)) at the k-th order without a match
 *     BLEU = min(1, exp(1 − r / c)) · exp(Σ_n ¼ · ln p_n),   0 when no word is shared
 *
 * A text of fewer than four words does not reach 1 against itself: one word 0.354, two 0.595, three 0.841.
 * ConceptVectors takes the changed model's answer as reference and the original's as candidate.
 *
 * Source   NLTK 3.8.1, translate/bleu_score.py; Hong et al. 2024, ConceptVectors
 */
export function bleuNltk3(pairs: readonly TextPair[]): MetricResult {
  return meanResult(signature, pairs, ({ candidate, reference }) => sentenceBleuNltk3(candidate, reference));
}

/** NLTK's sentence BLEU-4 with smoothing method 3, from 0 to 1. */
export function sentenceBleuNltk3(candidate: string, reference: TextPair["reference"]): number {
  const references = referencesOf({ candidate, reference }).map(splitWords);
  const { candidateLength, referenceLength, matches, totals } = countTokens(splitWords(candidate), references);
  if (matches[0] === 0) return 0;
  let smoothing = 1;
  const logs = matches.map((count, at) => {
    const total = Math.max(1, totals[at]!);
    if (count === 0) smoothing *= 2;
    return 0.25 * Math.log(count === 0 ? 1 / (smoothing * total) : count / total);
  });
  const brevity = candidateLength > referenceLength ? 1 : Math.exp(1 - referenceLength / candidateLength);
  return brevity * Math.exp(sum(logs));
}
