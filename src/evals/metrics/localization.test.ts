import fc from "fast-check";
import { expect, test } from "vitest";
import {
  averagePrecision,
  precisionAt,
  rankMetrics,
  rankSignature,
  recallAt,
  reciprocalRank,
  setMetrics,
  setSignature,
} from "./localization.ts";

const single = { ranked: ["b", "a", "c"], truth: ["a"] };
const several = { ranked: ["a", "x", "b", "y", "c"], truth: ["a", "b", "c", "d"] };

test("recallAt(), precisionAt(), averagePrecision() and reciprocalRank() on a case done by hand", () => {
  expect([recallAt(several, 2), recallAt(several, 5)]).toEqual([1 / 4, 3 / 4]);
  expect([precisionAt(several, 2), precisionAt(several, 10)]).toEqual([1 / 2, 3 / 10]);
  expect(averagePrecision(several)).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 4, 12);
  expect([reciprocalRank(single), reciprocalRank({ ranked: [], truth: ["a"] })]).toEqual([1 / 2, 0]);
});

test("rankMetrics() reads single files at one, several at two, and F1 at the same cut", () => {
  const metrics = rankMetrics([single, several, { ranked: ["a"], truth: ["a"] }]);

  expect(metrics).toEqual({
    recallAt1: 1 / 2,
    recallAt2: 1 / 4,
    precisionAt2: 1 / 2,
    f1: (0 + (2 * (1 / 2) * (1 / 4)) / (3 / 4) + 1) / 3,
    map: expect.closeTo((1 / 2 + (1 + 2 / 3 + 3 / 5) / 4 + 1) / 3, 12),
    mrr: expect.closeTo((1 / 2 + 1 + 1) / 3, 12),
    n: 3,
  });
});

test("rankMetrics() over the whole list gives the notebook's F1, and rankSignature() tells them apart", () => {
  const { f1 } = rankMetrics([several], { f1Over: "whole-list" });

  expect(f1).toBeCloseTo((2 * (3 / 5) * (3 / 4)) / (3 / 5 + 3 / 4), 12);
  expect(rankSignature()).not.toBe(rankSignature({ f1Over: "whole-list" }));
});

test("rankMetrics() says null of what no sample has", () => {
  expect(rankMetrics([single])).toMatchObject({ recallAt2: null, precisionAt2: null });
  expect(rankMetrics([])).toMatchObject({ map: null, n: 0 });
});

test("a repeated file counts once, where it comes first", () => {
  const repeated = { ranked: ["a", "a", "b"], truth: ["a", "b"] };

  expect(recallAt(repeated, 2)).toBe(1);
  expect(averagePrecision(repeated)).toBe(1);
});

const files = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 8 });

test("every measure of a ranking lies between zero and one, and a perfect ranking has it all", () => {
  fc.assert(
    fc.property(files, files, (ranked, truth) => {
      const { n, ...metrics } = rankMetrics([{ ranked, truth }]);
      for (const value of Object.values(metrics)) {
        if (value === null) continue;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      if (truth.length > 0) expect(averagePrecision({ ranked: truth, truth })).toBe(1);
    }),
  );
});

test("setMetrics() gives the example of the authors' script", () => {
  const candidates = ["file1.py", "file2.py", "file3.py", "file4.py", "file5.py"];
  const report = setMetrics([{ predicted: ["file2.py"], truth: ["file2.py", "file4.py"], candidates }]);

  expect(report.read).toEqual({
    precision: 1,
    recall: 1 / 2,
    f1: 2 / 3,
    falsePositiveRate: 0,
    allCorrect: 0,
    atLeastOne: 1,
    allIncorrect: 0,
  });
});

test("setMetrics() counts an unread reply as a failure beside the authors' way of dropping it", () => {
  const candidates = ["a", "b", "c", "d"];
  const report = setMetrics([
    { predicted: ["a"], truth: ["a"], candidates },
    { predicted: null, truth: ["b"], candidates },
    { predicted: ["c", "invented"], truth: ["b"], candidates },
  ]);

  expect(report).toMatchObject({ unread: 1, n: 3 });
  expect(report.read).toMatchObject({ precision: 1 / 2, allCorrect: 1 / 2, allIncorrect: 1 / 2 });
  expect(report.all).toMatchObject({ precision: 1 / 3, allCorrect: 1 / 3, allIncorrect: 1 / 3 });
  // Of b's report: c and the invented file are wrong, a and d are rightly left alone.
  expect(report.read?.falsePositiveRate).toBe((0 + 2 / 4) / 2);
  expect(setMetrics([]).all).toBeNull();
  expect(setSignature).toContain("profile:2025");
});
