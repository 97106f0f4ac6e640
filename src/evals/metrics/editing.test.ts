import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CounterfactCase, counterfactScores, counterfactSignature, harmonicMean } from "./counterfact.ts";
import { fluency, nGramEntropy } from "./n-gram-entropy.ts";
import { type RankWeights, rankC } from "./rank-consistency.ts";
import { tokenAccuracy } from "./teacher-forcing.ts";
import { tokenF1, tokenProduct, wordF1 } from "./token-f1.ts";

interface Golden {
  readonly entropy: readonly {
    readonly words: string[];
    readonly h2: number;
    readonly h3: number;
    readonly fluency: number;
  }[];
  readonly rankC: Readonly<
    Record<RankWeights, readonly { readonly first: number[]; readonly second: number[]; readonly value: number }[]>
  >;
  readonly counterfact: readonly {
    readonly cases: readonly Readonly<Record<keyof CounterfactCase, number[][]>>[];
    readonly scores: Readonly<Record<string, number>>;
  }[];
  readonly f1: readonly {
    readonly candidate: string[];
    readonly reference: string[];
    readonly f1: number;
    readonly product: number;
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/evals/editing-metrics.golden.json", import.meta.url), "utf8"),
) as Golden;

test("nGramEntropy() and fluency() agree with numpy", () => {
  for (const { words, h2, h3, fluency: expected } of golden.entropy) {
    expect(nGramEntropy(words, 2)).toBeCloseTo(h2, 12);
    expect(nGramEntropy(words, 3)).toBeCloseTo(h3, 12);
    expect(fluency(words)).toBeCloseTo(expected, 12);
  }
});

test("nGramEntropy() is zero for a text that repeats one word, and for one that is too short", () => {
  expect(nGramEntropy(["la", "la", "la", "la"], 2)).toBeCloseTo(0, 15);
  expect(nGramEntropy(["la"], 2)).toBe(0);
});

test.each(["softmax", "linear", "squared"] as RankWeights[])("rankC() with %s weights agrees with numpy", (kind) => {
  for (const { first, second, value } of golden.rankC[kind]) {
    expect(rankC([{ first, second }], kind)).toBeCloseTo(value, 12);
  }
});

test("rankC() is 1 for equal rankings and known for a reversed one", () => {
  const order = [0, 1, 2];
  const weights = [Math.exp(3), Math.exp(2), Math.exp(1)];
  const total = weights.reduce((a, b) => a + b);

  expect(rankC([{ first: order, second: order }])).toBeCloseTo(1, 12);
  expect(rankC([{ first: order, second: order.toReversed() }])).toBeCloseTo(
    (weights[1]! / 2 + weights[2]!) / total,
    12,
  );
});

test("rankC() has nothing to say without questions, and refuses rankings of different candidates", () => {
  expect(rankC([])).toBeNull();
  expect(() => rankC([{ first: [0, 1], second: [0, 2] }])).toThrow(/RANKING_INVALID|Expected two orders/);
});

test("counterfactScores() agree with SciPy", () => {
  for (const { cases, scores } of golden.counterfact) {
    const named: CounterfactCase[] = cases.map(({ rewrite, paraphrase, neighbour }) => ({
      rewrite: rewrite.map(named2),
      paraphrase: paraphrase.map(named2),
      neighbour: neighbour.map(named2),
    }));

    const found = counterfactScores(named);

    for (const [name, value] of Object.entries(scores)) {
      expect(found[name as keyof typeof found], name).toBeCloseTo(value, 12);
    }
    expect(counterfactSignature).toContain("length-normalised");
  }
});

const named2 = ([newObject, oldObject]: number[]) => ({ newObject: newObject!, oldObject: oldObject! });

test("counterfactScores() leave the score open where a kind of prompt is missing", () => {
  const { es, ps, score } = counterfactScores([{ rewrite: [named2([1, 0])], paraphrase: [], neighbour: [] }]);

  expect([es, ps, score]).toEqual([1, null, null]);
});

test("harmonicMean() with a zero is zero", () => {
  expect(harmonicMean([1, 0, 1])).toBe(0);
  expect(harmonicMean([1, 0.5])).toBeCloseTo(2 / 3, 12);
});

test("tokenF1() agrees with multisets, and is 0 where nothing is shared", () => {
  for (const { candidate, reference, f1, product } of golden.f1) {
    expect(tokenF1(candidate, reference)).toBeCloseTo(f1, 12);
    expect(tokenProduct(candidate, reference)).toBeCloseTo(product, 12);
  }
  expect(tokenF1([], ["a"])).toBe(0);
});

test("tokenProduct() is not F1: precision and recall of a half give a quarter", () => {
  const [candidate, reference] = [
    ["a", "b"],
    ["a", "c"],
  ];

  expect(tokenF1(candidate!, reference!)).toBe(0.5);
  expect(tokenProduct(candidate!, reference!)).toBe(0.25);
});

test("tokenProduct() lies between the square of F1 and F1", () => {
  const texts = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 6 });

  fc.assert(
    fc.property(texts, texts, (candidate, reference) => {
      const [f1, product] = [tokenF1(candidate, reference), tokenProduct(candidate, reference)];

      expect(product).toBeLessThanOrEqual(f1 + 1e-12);
      expect(f1 ** 2).toBeLessThanOrEqual(product + 1e-12);
    }),
  );
});

test("wordF1() takes a letter and its accent for one character, however they are written", () => {
  expect(wordF1([{ candidate: "caf\u00e9 noir", reference: "cafe\u0301" }]).value).toBeCloseTo(2 / 3, 12);
});

test("wordF1() parts words where Python does: at a file separator, and not at a byte order mark", () => {
  expect(wordF1([{ candidate: "a\x1cb\x85c", reference: "a b c" }]).value).toBe(1);
  expect(wordF1([{ candidate: "a\ufeffb", reference: "a b" }]).value).toBe(0);
});

test("tokenAccuracy() gives a third for one of three tokens, and refuses an empty target", () => {
  expect(tokenAccuracy([1, 2, 3], [1, 5, 6])).toBeCloseTo(1 / 3, 12);
  expect(() => tokenAccuracy([], [])).toThrow(/Expected as many likeliest tokens/);
});
