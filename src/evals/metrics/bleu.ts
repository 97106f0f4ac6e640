import { stripEnd } from "../python-text.ts";
import { tokenize13a } from "./bleu-tokens.ts";
import { clippedMatches, numberIn } from "./clipped-matches.ts";
import { countReferences, type MetricResult, referencesOf, type TextPair } from "./metric.ts";

/** The variants of BLEU that can be chosen; the defaults are sacreBLEU's. */
export interface BleuOptions {
  readonly lowercase?: boolean;
  /** Leaves out the orders that a text is too short for. Always on for `perSample`, as sacreBLEU advises. */
  readonly effectiveOrder?: boolean;
}

/** What BLEU counts; the counts of a corpus are the sums over its sentences. */
export interface BleuCounts {
  readonly candidateLength: number;
  readonly referenceLength: number;
  /** Shared n-grams and n-grams of the candidate, by order. */
  readonly matches: readonly number[];
  readonly totals: readonly number[];
}

const orders = 4;

/**
 * BLEU of a corpus: tokeniser 13a, n-grams up to four words, exponential smoothing, from 0 to 100.
 *
 *     p_n  = 100 · matches_n / total_n, and 100 / (2^k · total_n) at the k-th order without a match
 *     BLEU = min(1, exp(1 − r / c)) · exp((1 / 4) · Σ_n ln p_n)
 *
 * `r` is the length of the reference nearest in length, `c` that of the candidate. `perSample` has sentence BLEU, with
 * effective order; the value is not its mean.
 *
 * Source   Papineni et al. 2002; sacreBLEU 2.6.0, metrics/bleu.py
 */
export function bleu(pairs: readonly TextPair[], options: BleuOptions = {}): MetricResult {
  const tokens = tokensOf(options);
  const counts = pairs.map((pair) => countNumbers(tokens(pair.candidate), referencesOf(pair).map(tokens)));
  const corpus = counts.reduce(addCounts, noCounts);
  return {
    signature: bleuSignature(options, countReferences(pairs)),
    value: pairs.length === 0 ? null : bleuOf(corpus, options),
    n: pairs.length,
    perSample: counts.map((one) => bleuOf(one, { effectiveOrder: true })),
  };
}

/** BLEU of one text, from 0 to 100: what `sacrebleu.sentence_bleu` returns. */
export function sentenceBleu(candidate: string, reference: TextPair["reference"], options: BleuOptions = {}): number {
  const tokens = tokensOf(options);
  const counts = countNumbers(tokens(candidate), referencesOf({ candidate, reference }).map(tokens));
  return bleuOf(counts, { effectiveOrder: true, ...options });
}

/** sacreBLEU's own signature, with the version that it is equal to, and ours behind it. */
export function bleuSignature(
  { lowercase = false, effectiveOrder = false }: BleuOptions = {},
  references = "1",
): string {
  const variant = `case:${lowercase ? "lc" : "mixed"}|eff:${effectiveOrder ? "yes" : "no"}`;
  return `BLEU|nrefs:${references}|${variant}|tok:13a|smooth:exp|version:2.6.0|assay:1`;
}

const noCounts: BleuCounts = { candidateLength: 0, referenceLength: 0, matches: [0, 0, 0, 0], totals: [0, 0, 0, 0] };

const addCounts = (a: BleuCounts, b: BleuCounts): BleuCounts => ({
  candidateLength: a.candidateLength + b.candidateLength,
  referenceLength: a.referenceLength + b.referenceLength,
  matches: a.matches.map((count, at) => count + b.matches[at]!),
  totals: a.totals.map((count, at) => count + b.totals[at]!),
});

/** Tokens as numbers; a text that comes again is not cut again. */
function tokensOf({ lowercase = false }: BleuOptions): (text: string) => Int32Array {
  const numbers = numberIn(new Map());
  const known = new Map<string, Int32Array>();
  return (text) => {
    const tokens =
      known.get(text) ?? Int32Array.from(tokenize13a(stripEnd(lowercase ? text.toLowerCase() : text)), numbers);
    known.set(text, tokens);
    return tokens;
  };
}

/** Lengths and n-gram counts of one candidate beside its references, all cut into tokens. */
export function countTokens(candidate: readonly string[], references: readonly (readonly string[])[]): BleuCounts {
  const numbers = numberIn(new Map());
  const asNumbers = (tokens: readonly string[]) => Int32Array.from(tokens, numbers);
  return countNumbers(asNumbers(candidate), references.map(asNumbers));
}

function countNumbers(candidate: Int32Array, references: readonly Int32Array[]): BleuCounts {
  return {
    candidateLength: candidate.length,
    referenceLength: nearestLength(candidate.length, references),
    matches: clippedMatches(candidate, references, { orders }),
    totals: Array.from({ length: orders }, (_, at) => Math.max(0, candidate.length - at)),
  };
}

/** The length of the reference nearest in length, the shorter of two that are equally near. */
function nearestLength(length: number, references: readonly Int32Array[]): number {
  const lengths = references.map((tokens) => tokens.length).sort((a, b) => a - b);
  return lengths.reduce(
    (best, one) => (Math.abs(one - length) < Math.abs(best - length) ? one : best),
    lengths[0] ?? 0,
  );
}

function bleuOf({ candidateLength, referenceLength, matches, totals }: BleuCounts, options: BleuOptions): number {
  if (!matches.some((count) => count > 0)) return 0;
  const brevity = candidateLength < referenceLength ? Math.exp(1 - referenceLength / candidateLength) : 1;
  const reached = totals.filter((count) => count > 0).length;
  let smoothing = 1;
  let logs = 0;
  for (let at = 0; at < reached; at++) {
    if (matches[at] === 0) smoothing *= 2;
    logs += Math.log(matches[at] === 0 ? 100 / (smoothing * totals[at]!) : (100 * matches[at]!) / totals[at]!);
  }
  // Without effective order, an order that the text does not reach counts as ln 0 = −9999999999 in sacreBLEU: zero.
  if (reached < orders && !options.effectiveOrder) return 0;
  return brevity * Math.exp(logs / reached);
}
