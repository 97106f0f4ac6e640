import { strip, wordsAndPunctuation } from "../python-text.ts";
import { countTokens } from "./bleu.ts";
import { splitPunctuation } from "./bleu-tokens.ts";
import { type MetricResult, meanResult, referencesOf, type TextPair } from "./metric.ts";

const signature = "B-Norm|case:lc|order:4|smooth:add-one-above-1|bp:1-(r+1)/(c+1)|mean:plain|scale:100|assay:1";

/** The smallest normal double, which keeps the logarithm of a zero count finite. */
const tiny = 2 ** -1022;

/**
 * B-Norm: a smoothed sentence BLEU-4 of commit messages, from 0 to 100, and its plain mean.
 *
 *     p_1 = (matches_1 + ε) / (total_1 + ε)     p_n = (matches_n + 1 + ε) / (total_n + 1 + ε)  for n > 1
 *     B-Norm = 100 · exp(min(0, 1 − (r + 1) / (c + 1))) · (p_1 · p_2 · p_3 · p_4)^¼
 *
 * Lower case; tokens are words and single marks, and an underscore stands apart too. ε is 2⁻¹⁰²², so a text that shares
 * no word scores about 10⁻⁷⁶ and not zero.
 *
 * Source   Tao et al. 2021, On the Evaluation of Commit Message Generation Models; the authors' B-Norm.py
 */
export function bNorm(pairs: readonly TextPair[]): MetricResult {
  return meanResult(signature, pairs, (pair) => sentenceBNorm(pair.candidate, referencesOf(pair)[0]!));
}

/** B-Norm of one text, from 0 to 100. */
export function sentenceBNorm(candidate: string, reference: string): number {
  const { candidateLength, referenceLength, matches, totals } = countTokens(tokens(candidate), [tokens(reference)]);
  const logs = matches.map((count, at) => {
    const added = (at > 0 ? 1 : 0) + tiny;
    return Math.log(count + added) - Math.log(totals[at]! + added);
  });
  const brevity = Math.min(0, 1 - (referenceLength + 1) / (candidateLength + 1));
  return 100 * Math.exp(logs.reduce((total, log) => total + log, 0) / logs.length + brevity);
}

/** Splits twice, as the authors do: into words and marks, then as mteval-v11a does, which finds no entity left whole. */
function tokens(text: string): string[] {
  const apart = wordsAndPunctuation(strip(text.toLowerCase())).join(" ");
  return splitPunctuation(apart);
}
