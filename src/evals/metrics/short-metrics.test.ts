import fc from "fast-check";
import { expect, test } from "vitest";
import { bNorm, sentenceBNorm } from "./b-norm.ts";
import { bleuNltk3, sentenceBleuNltk3 } from "./bleu-nltk3.ts";
import { clippedMatches } from "./clipped-matches.ts";
import { editSimilarity } from "./edit-similarity.ts";
import { exactMatch, exactMatchByClass } from "./exact-match.ts";
import { rouge, sentenceRouge } from "./rouge.ts";
import { rougeLPy, sentenceRougeLPy } from "./rouge-l-py.ts";
import { longestCommonLength } from "./subsequence.ts";

test.each([
  ["the cat sat on the mat", "the cat sat on the mat", 1, 0.999999995],
  ["the cat on the mat", "the cat sat on the mat", 0.40936537653899097, 0.8888888839506174],
  ["a b c x y z", "a b c d e f", 0.3021375397356768, 0.499999995],
  ["a b", "a b", 0.5946035575013605, 0.999999995],
  ["the the", "the the the the", 0.21874242445215208, 0.999999995],
  ["y", "x", 0, 0],
])(
  "sentenceBleuNltk3() and sentenceRougeLPy() give the published values of %j against %j",
  (candidate, reference, b, r) => {
    expect(sentenceBleuNltk3(candidate, reference)).toBeCloseTo(b, 13);
    expect(sentenceRougeLPy(candidate, reference)).toBeCloseTo(r, 13);
  },
);

test("rougeLPy() counts each word once and joins what sentences share", () => {
  const { value, perSample } = rougeLPy([{ candidate: "w1 w2 w6. w1 w3 w5", reference: "w1 w2 w3 w4 w5" }]);

  // The union of "w1 w2" and "w1 w3 w5" has four words; the candidate has five distinct ones.
  expect(perSample).toEqual([value]);
  expect(value).toBeCloseTo((2 * (4 / 5) * (4 / 5)) / (4 / 5 + 4 / 5 + 1e-8), 12);
});

test("rougeLPy() gives zero where the package fails, and bleuNltk3() averages plainly", () => {
  expect(rougeLPy([{ candidate: "", reference: "a" }]).value).toBe(0);
  expect(rougeLPy([{ candidate: "...", reference: "a" }]).value).toBe(0);
  expect(
    bleuNltk3([
      { candidate: "a b c d", reference: "a b c d" },
      { candidate: "", reference: "" },
    ]).value,
  ).toBe(0.5);
});

test("bNorm() smooths the orders above one, and lowers and splits the text first", () => {
  const score = sentenceBNorm("Fix get_user()", "fix get_user ( )");

  // fix · get · _ · user · ( · ) on both sides.
  expect(score).toBeCloseTo(100, 9);
  expect(sentenceBNorm("a b", "a c")).toBeCloseTo(100 * ((1 / 2) * (1 / 2)) ** 0.25, 9);
  expect(bNorm([{ candidate: "a b", reference: "x y" }]).value).toBeLessThan(1e-70);
});

test("bNorm() punishes a candidate shorter than the reference by (r + 1) / (c + 1)", () => {
  const precisions = (1 * 1 * 1 * 1) ** 0.25;

  expect(sentenceBNorm("a b", "a b c d")).toBeCloseTo(100 * precisions * Math.exp(1 - 5 / 3), 9);
});

test("rouge() counts shared words, shared pairs, and the longest common subsequence", () => {
  const [candidate, reference] = ["The cat, the mat!", "the mat: the CAT"];

  expect(sentenceRouge("rouge-1", candidate, reference)).toBe(100);
  expect(sentenceRouge("rouge-2", candidate, reference)).toBeCloseTo((100 * 2) / 3, 9);
  expect(sentenceRouge("rouge-l", candidate, reference)).toBe(50);
  expect(rouge("rouge-1", [{ candidate: "", reference: "" }]).value).toBe(0);
});

test("editSimilarity() rounds each pair, half to even, and counts a substitution as two edits", () => {
  const { perSample } = editSimilarity([
    { candidate: "abc", reference: "abd" },
    { candidate: "", reference: "" },
    { candidate: "😀", reference: "😁" },
    { candidate: "a", reference: "abbbbbbbbbbbbbb" },
  ]);

  // 2 · 2 / 6, two empty texts, nothing shared though their UTF-16 is, and 2 / 16 = 12.5.
  expect(perSample).toEqual([67, 100, 0, 12]);
});

test("exactMatch() trims both sides and nothing else", () => {
  const pairs = [
    { candidate: "  x = 1\r\n", reference: "x = 1" },
    { candidate: "x = 1", reference: "x  = 1" },
  ];

  expect(exactMatch(pairs)).toMatchObject({ value: 0.5, perSample: [1, 0] });
});

test("exactMatchByClass() averages over lines and over files, which differ", () => {
  const line = (file: string, lineClass: string, hit: boolean) => ({
    file,
    lineClass,
    candidate: hit ? "x" : "y",
    reference: "x",
  });

  const table = exactMatchByClass([
    line("a", "infile", true),
    line("a", "infile", true),
    line("a", "infile", true),
    line("b", "infile", false),
    line("b", "common", true),
  ]);

  expect(table.infile).toEqual({ overLines: 3 / 4, overFiles: 1 / 2, lines: 4, files: 2 });
  expect(table.common).toEqual({ overLines: 1, overFiles: 1, lines: 1, files: 1 });
  expect(table.all).toEqual({ overLines: 4 / 5, overFiles: 3 / 4, lines: 5, files: 2 });
  expect(exactMatchByClass([])).toEqual({});
});

const tokens = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 100 });

test("longestCommonLength() equals the table of the textbook", () => {
  fc.assert(
    fc.property(tokens, tokens, (a, b) => {
      expect(longestCommonLength(a, b)).toBe(textbookLength(a, b));
    }),
  );
});

function textbookLength(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [at, other] of b.entries()) next.push(one === other ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    row = next;
  }
  return row.at(-1)!;
}

test("clippedMatches() equals counting the n-grams as strings", () => {
  fc.assert(
    fc.property(tokens, fc.array(tokens, { minLength: 1, maxLength: 3 }), (candidate, references) => {
      const ours = clippedMatches(
        Int32Array.from(candidate),
        references.map((one) => Int32Array.from(one)),
        { orders: 5 },
      );

      expect(ours).toEqual([1, 2, 3, 4, 5].map((order) => countedMatches(candidate, references, order)));
    }),
  );
});

function countedMatches(candidate: readonly number[], references: readonly number[][], order: number): number {
  const count = (list: readonly number[]) => {
    const grams = list.slice(order - 1).map((_, at) => list.slice(at, at + order).join());
    return Map.groupBy(grams, (gram) => gram);
  };
  const theirs = references.map(count);
  const most = (gram: string) => Math.max(...theirs.map((one) => one.get(gram)?.length ?? 0));
  return [...count(candidate)].reduce((total, [gram, { length }]) => total + Math.min(length, most(gram)), 0);
}
