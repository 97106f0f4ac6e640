import { type MetricResult, meanResult, referencesOf, type TextPair } from "./metric.ts";
import { longestCommonLength } from "./subsequence.ts";

const signature = "edit-similarity|as:thefuzz-0.22.1|distance:indel|round:half-even|mean:plain|scale:100|assay:1";

/**
 * Edit similarity: what insertions and deletions leave of two texts, a whole number from 0 to 100.
 *
 *     similarity = round(100 · (1 − indel / (|a| + |b|)))     indel = |a| + |b| − 2 · |longest common subsequence|
 *
 * Lengths count code points. Two empty texts are equal: 100. It is thefuzz's ratio: a substitution costs two edits, and
 * each pair is rounded before the mean.
 *
 * Source   thefuzz 0.22.1 over rapidfuzz, fuzz.ratio
 */
export function editSimilarity(pairs: readonly TextPair[]): MetricResult {
  return meanResult(signature, pairs, (pair) => similarity(pair.candidate, referencesOf(pair)[0]!));
}

function similarity(candidate: string, reference: string): number {
  const [a, b] = [candidate, reference].map((text) => Uint32Array.from(text, (mark) => mark.codePointAt(0)!));
  const units = a!.length + b!.length;
  if (units === 0) return 100;
  const distance = units - 2 * longestCommonLength(a!, b!);
  return roundHalfEven((1 - distance / units) * 100);
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
