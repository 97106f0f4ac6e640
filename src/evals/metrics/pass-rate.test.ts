import { expect, test } from "vitest";
import { passAtK, passRates, passSignature } from "./pass-rate.ts";

test("passRates() divides by all jobs, and beside it by those that finished", () => {
  const outcomes = ["success", "failure", "invalid", "waiting", "success"] as const;

  const rates = passRates(outcomes.map((outcome, id) => ({ id, difficulty: id % 2, outcome })));

  expect(rates).toMatchObject({ ofAll: 2 / 5, ofFinished: 2 / 3, n: 5 });
  expect(rates.byDifficulty.map(({ difficulty, ofAll, ofFinished }) => [difficulty, ofAll, ofFinished])).toEqual([
    [0, 2 / 3, 1],
    [1, 0, 0],
  ]);
  expect(passRates([])).toMatchObject({ ofAll: null, ofFinished: null, byDifficulty: [] });
  expect(passSignature).toContain("denominator:all-jobs");
});

test("passAtK() is the chance that k drawn attempts hold one that passed", () => {
  expect(passAtK({ attempts: 5, passed: 2, k: 1 })).toBeCloseTo(2 / 5, 12);
  expect(passAtK({ attempts: 5, passed: 2, k: 2 })).toBeCloseTo(1 - 3 / 10, 12);
  expect(passAtK({ attempts: 5, passed: 0, k: 3 })).toBe(0);
  expect(passAtK({ attempts: 3, passed: 1, k: 3 })).toBe(1);
});
