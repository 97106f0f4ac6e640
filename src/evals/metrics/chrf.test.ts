import { expect, test } from "vitest";
import { chrf, chrfSignature, sentenceChrf } from "./chrf.ts";

test("chrf() adds counts over the corpus, so that its value is not the mean of its sentences", () => {
  const pairs = [
    { candidate: "aaaaaaaaaa", reference: "aaaaaaaaaa" },
    { candidate: "xy", reference: "zw" },
  ];

  const { value, perSample } = chrf(pairs);

  expect(perSample).toEqual([100, 0]);
  // Orders 1 and 2 lose the second pair's n-grams, 3 to 6 have the first's alone.
  expect(value).toBeCloseTo((100 * (10 / 12 + 9 / 10 + 4)) / 6, 12);
});

test("sentenceChrf() ignores white space unless told otherwise", () => {
  expect(sentenceChrf("a b\tc\u2003d", "abcd")).toBe(100);
  expect(sentenceChrf("a b c d", "abcd", { whitespace: true })).toBeLessThan(50);
});

test("sentenceChrf() weighs recall over precision", () => {
  const short = sentenceChrf("abc", "abcdef", { charOrder: 1 });
  const long = sentenceChrf("abcdef", "abc", { charOrder: 1 });

  expect(short).toBeCloseTo((100 * 5 * 0.5) / (4 + 0.5), 12);
  expect(long).toBeCloseTo((100 * 5 * 0.5) / (2 + 1), 12);
});

test("sentenceChrf() takes the best of several references, and code points as characters", () => {
  expect(sentenceChrf("😀😁", ["nothing", "😀😁"])).toBe(100);
  expect(sentenceChrf("😀", "😁")).toBe(0);
});

test("chrfSignature() names every choice as sacreBLEU does", () => {
  expect(chrfSignature()).toBe("chrF2|nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0|assay:1");
  expect(chrfSignature({ wordOrder: 2, epsSmoothing: true, whitespace: true, lowercase: true }, "var")).toBe(
    "chrF2++|nrefs:var|case:lc|eff:no|nc:6|nw:2|space:yes|version:2.6.0|assay:1",
  );
});
