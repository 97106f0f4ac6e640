import { clippedMatches, numberIn } from "./clipped-matches.ts";
import { type MetricResult, meanResult, referencesOf, type TextPair } from "./metric.ts";
import { longestCommonLength } from "./subsequence.ts";

/** Which units two texts share: words, pairs of words, or their longest common subsequence. */
export type RougeKind = "rouge-1" | "rouge-2" | "rouge-l";

const signatureOf = (kind: RougeKind): string =>
  `${kind}|as:rouge-score-0.1.2|stem:no|measure:f1|mean:plain|scale:100|assay:1`;

/**
 * ROUGE-1, ROUGE-2 or ROUGE-L: F1 of shared words, of shared pairs, or of the longest common subsequence, from 0 to 100.
 *
 *     P = shared / candidate     R = shared / reference     F1 = 100 · 2 · P · R / (P + R)
 *
 * Tokens are runs of a–z and 0–9 in lower case, unstemmed; ROUGE-L looks at the whole text as one sentence; of several
 * references the best counts. The value is the plain mean, without the bootstrap that the `evaluate` package wraps
 * around it. rouge-score itself gives fractions: 100 is the scale of Long Code Arena's tables.
 *
 * Source   Lin 2004, ROUGE; rouge-score 0.1.2
 */
export function rouge(kind: RougeKind, pairs: readonly TextPair[]): MetricResult {
  return meanResult(signatureOf(kind), pairs, ({ candidate, reference }) => sentenceRouge(kind, candidate, reference));
}

/** ROUGE F1 of one text, from 0 to 100. */
export function sentenceRouge(kind: RougeKind, candidate: string, reference: TextPair["reference"]): number {
  const numbers = numberIn(new Map());
  const tokens = (text: string) => Int32Array.from(text.toLowerCase().match(/[a-z0-9]+/g) ?? [], numbers);
  const ours = tokens(candidate);
  const scores = referencesOf({ candidate, reference }).map((one) => scoreOf(kind, ours, tokens(one)));
  return 100 * Math.max(0, ...scores);
}

function scoreOf(kind: RougeKind, candidate: Int32Array, reference: Int32Array): number {
  const cut = kind === "rouge-2" ? 1 : 0;
  const shared =
    kind === "rouge-l"
      ? longestCommonLength(reference, candidate)
      : clippedMatches(candidate, [reference], { orders: cut + 1 })[cut]!;
  const precision = shared / Math.max(1, candidate.length - cut);
  const recall = shared / Math.max(1, reference.length - cut);
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}
