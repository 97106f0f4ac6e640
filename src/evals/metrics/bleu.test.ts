import fc from "fast-check";
import { expect, test } from "vitest";
import { splitWords } from "../python-text.ts";
import { bleu, bleuSignature, sentenceBleu } from "./bleu.ts";
import { splitPunctuation, tokenize13a } from "./bleu-tokens.ts";

test("tokenize13a() sets punctuation apart, except inside numbers and apostrophes", () => {
  expect(tokenize13a('It\'s 1,234.5 (ok), 5-3; "x"...')).toEqual([
    "It's",
    "1,234.5",
    "(",
    "ok",
    ")",
    ",",
    "5",
    "-",
    "3",
    ";",
    '"',
    "x",
    '"',
    ".",
    ".",
    ".",
  ]);
  expect(tokenize13a("hyphen-\nated &lt;b&gt; &amp;lt;")).toEqual(["hyphenated", "<", "b", ">", "<"]);
});

test("splitPunctuation() gives what mteval's four replacements of the whole line give", () => {
  const marks = fc.constantFrom(..."aé9.,-_'/ \t\u2028[~&(:", "😀", "0", ". ", "1.");

  fc.assert(
    fc.property(fc.string({ unit: marks, maxLength: 40 }), (line) => {
      expect(splitPunctuation(line)).toEqual(replacedInLine(line));
    }),
    { numRuns: 2000 },
  );
});

function replacedInLine(line: string): string[] {
  const apart = ` ${line} `
    .replace(/([{-~[-` -&(-+:-@/])/g, " $1 ")
    .replace(/([^0-9])([.,])/g, "$1 $2 ")
    .replace(/([.,])([^0-9])/g, " $1 $2")
    .replace(/([0-9])(-)/g, "$1 $2 ");
  return splitWords(apart);
}

test("bleu() is the geometric mean of the corpus's precisions under the brevity penalty", () => {
  const pairs = [{ candidate: "a b c d e", reference: "a b c d x y" }];

  const { value } = bleu(pairs);

  const precisions = [4 / 5, 3 / 4, 2 / 3, 1 / 2];
  expect(value).toBeCloseTo(100 * Math.exp(1 - 6 / 5) * precisions.reduce((a, b) => a * b) ** 0.25, 9);
});

test("bleu() halves the precision anew at every order without a match", () => {
  const { value } = bleu([{ candidate: "a b x c d", reference: "a c b d y" }]);

  expect(value).toBeCloseTo(100 * ((4 / 5) * (1 / (2 * 4)) * (1 / (4 * 3)) * (1 / (8 * 2))) ** 0.25, 9);
});

test("sentenceBleu() counts only the orders that a short text reaches, a corpus of short texts scores zero", () => {
  expect(sentenceBleu("a b", "a b")).toBeCloseTo(100, 9);
  expect(bleu([{ candidate: "a b", reference: "a b" }]).value).toBe(0);
});

test("bleuSignature() names every choice as sacreBLEU does", () => {
  expect(bleuSignature()).toBe("BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0|assay:1");
  expect(bleuSignature({ lowercase: true, effectiveOrder: true }, "2")).toContain("|nrefs:2|case:lc|eff:yes|");
});
