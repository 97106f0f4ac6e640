import fc from "fast-check";
import { expect, test } from "vitest";
import { isMixed, scoreAnswer } from "./measures.ts";

const leftOut = { nullAsWrong: false };
const asWrong = { nullAsWrong: true };

test("scoreAnswer() holds the strict and the lenient reading of one answer", () => {
  expect(scoreAnswer("(3, 2, 4)", "3, 2, 4", leftOut)).toEqual({
    empty: 0,
    existence: 1,
    index: 0,
    exact: 0,
    lenientExistence: 1,
    lenientIndex: 1,
    lenientExact: 1,
    formatFailure: 1,
  });
});

test("scoreAnswer() leaves a missing answer out of every metric but the count of missing ones", () => {
  expect(scoreAnswer(null, "3, 2, 4", leftOut)).toEqual({ empty: 1 });
});

test.each(["3, 2, 4", "0, 0, 0", "1, 2, 2; 1, 1, 1", "0, 0, 0; 0, 0, 0", "1, 1, 1; 0, 0, 0"])(
  "scoreAnswer() with nullAsWrong counts a missing answer to %s as a miss of all that applies",
  (truth) => {
    const { empty, compared, ...metrics } = scoreAnswer(null, truth, asWrong);

    expect(empty).toBe(1);
    expect(Object.values(metrics).filter((value) => value !== null)).toEqual(
      Object.values(metrics).flatMap((value) => (value === null ? [] : [0])),
    );
    expect(Object.values(metrics)).toContain(0);
  },
);

test("scoreAnswer() with nullAsWrong compares a missing answer on every needle", () => {
  expect(scoreAnswer(null, "1, 2, 2; 1, 1, 1", asWrong).compared).toBe(2);
});

test("scoreAnswer() has no strict metric for samples of present and absent needles", () => {
  const score = scoreAnswer("1, 1, 1; -1", "1, 1, 1; 0, 0, 0", leftOut);

  expect(score.exact).toBeUndefined();
  expect(score.lenientExact).toBe(1);
});

test("scoreAnswer() gives numbers from 0 to 1 for any answer", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("1, 2, 2", "0, 0, 0", "1, 2, 2; 1, 1, 1"), (answer, truth) => {
      const { compared, ...metrics } = scoreAnswer(answer, truth, leftOut);

      for (const value of Object.values(metrics)) expect(value === null || (value >= 0 && value <= 1)).toBe(true);
    }),
  );
});

test("isMixed() tells samples with needles of both kinds", () => {
  expect(isMixed("1, 1, 1; 0, 0, 0", 2)).toBe(true);
  expect(isMixed("1, 1, 1; 1, 1, 2", 2)).toBe(false);
  expect(isMixed("0, 0, 0", 1)).toBe(false);
});
