/** Every metric against its reference implementation: scripts/golden/evals-metrics.py. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bm25, tfIdf } from "#evals";
import {
  bleu,
  type ChrfOptions,
  chrf,
  sentenceBleu,
  sentenceChrf,
  type TextMetricName,
  type TextPair,
  textMetrics,
} from "#evals/metrics";

interface Golden {
  readonly chrfOptions: Record<string, ChrfOptions>;
  readonly pairs: { candidate: string; references: string[]; scores: Record<string, number> & { chrf: never } }[];
  readonly corpus: Record<"chrf" | "bleu", { score: number; signature: string }>;
  readonly corpusOfOne: Golden["corpus"];
  readonly rankings: Ranking[];
}

interface Ranking {
  readonly query: string[];
  readonly documents: string[][];
  readonly bm25: number[];
  readonly "bm25-other": number[];
  readonly "tf-idf": number[];
}

const file = new URL("../golden/evals/metrics.golden.json", import.meta.url);
const golden: Golden = JSON.parse(readFileSync(file, "utf8"));
const several: TextPair[] = golden.pairs.map(({ candidate, references }) => ({ candidate, reference: references }));
const single: TextPair[] = golden.pairs.map(({ candidate, references }) => ({ candidate, reference: references[0]! }));
const tolerance = 1e-9;

/** The pair that is furthest from its golden score. */
function worst(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...theirs.map((value, at) => Math.abs(value - ours[at]!)));
}

const column = (name: string): number[] => golden.pairs.map(({ scores }) => scores[name]!);

const takesSeveral = ["bleu", "bleu-nltk3", "rouge-1", "rouge-2", "rouge-l"] as const satisfies TextMetricName[];
const takesOne = ["b-norm", "edit-similarity", "rouge-l-py"] as const satisfies TextMetricName[];

test.each(takesSeveral)("%s gives the reference's score of every pair, several references included", (name) => {
  const { perSample } = textMetrics[name].score(several);

  expect(worst(perSample, column(name))).toBeLessThan(tolerance);
});

test.each(takesOne)("%s gives the reference's score of every pair", (name) => {
  const { perSample } = textMetrics[name].score(single);

  expect(worst(perSample, column(name))).toBeLessThan(tolerance);
});

test.each(Object.entries(golden.chrfOptions))(
  "sentenceChrf() gives sacreBLEU's score of every pair: %s",
  (name, options) => {
    const ours = several.map(({ candidate, reference }) => sentenceChrf(candidate, reference, options));
    const theirs = golden.pairs.map(({ scores }) => (scores.chrf as Record<string, number>)[name]!);

    expect(worst(ours, theirs)).toBeLessThan(tolerance);
  },
);

test("sentenceBleu() gives sacreBLEU's score of every pair in lower case", () => {
  const ours = several.map(({ candidate, reference }) => sentenceBleu(candidate, reference, { lowercase: true }));

  expect(worst(ours, column("bleu-lc"))).toBeLessThan(tolerance);
});

test.each([
  ["one reference", single, golden.corpusOfOne],
  ["several references", several, golden.corpus],
] as const)("chrf() and bleu() give sacreBLEU's corpus score and signature: %s", (_, pairs, theirs) => {
  const ours = { chrf: chrf(pairs), bleu: bleu(pairs) };

  for (const name of ["chrf", "bleu"] as const) {
    expect(Math.abs(ours[name].value! - theirs[name].score)).toBeLessThan(tolerance);
    expect(ours[name].signature).toContain(`|${theirs[name].signature}|`);
  }
});

describe.each(golden.rankings.map((ranking) => [ranking.documents.length, ranking] as const))(
  "over %i documents",
  (_, { query, documents, ...theirs }) => {
    test("bm25() gives rank_bm25's scores, with its constants and with others", () => {
      const usual = bm25(documents).scores(query);
      const other = bm25(documents, { k1: 0.9, b: 0.4, epsilon: 0.1 }).scores(query);

      expect(worst(usual, theirs.bm25)).toBeLessThan(tolerance);
      expect(worst(other, theirs["bm25-other"])).toBeLessThan(tolerance);
    });

    test("tfIdf() gives the cosines of scikit-learn's vectors", () => {
      expect(worst(tfIdf(query, documents), theirs["tf-idf"])).toBeLessThan(tolerance);
    });
  },
);
