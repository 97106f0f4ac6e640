import fc from "fast-check";
import { expect, test } from "vitest";
import { compScore, preferenceOf } from "./comp-score.ts";

test("compScore() of two equal texts is 50 exactly, whatever the judge prefers", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (a, b) => {
        const { value } = compScore([{ truthFirst: { a, b }, predictionFirst: { a, b } }]);

        expect(value).toBe(50);
      },
    ),
  );
});

test("compScore() of swapped texts adds up to 100", () => {
  const logit = fc.double({ min: -50, max: 50, noNaN: true });

  fc.assert(
    fc.property(logit, logit, logit, logit, (a, b, c, d) => {
      const [one, other] = [
        { a, b },
        { a: c, b: d },
      ];
      const there = compScore([{ truthFirst: one, predictionFirst: other }]).value!;
      const back = compScore([{ truthFirst: other, predictionFirst: one }]).value!;

      expect(there + back).toBeCloseTo(100, 9);
      expect(there).toBeGreaterThanOrEqual(0);
      expect(there).toBeLessThanOrEqual(100);
    }),
  );
});

test("compScore() reads out how much the judge likes the first place", () => {
  const even = Math.log(3);
  const [likesFirst, likesPrediction] = [
    { truthFirst: { a: even, b: 0 }, predictionFirst: { a: even, b: 0 } },
    { truthFirst: { a: 0, b: even }, predictionFirst: { a: even, b: 0 } },
  ];

  expect(compScore([likesFirst])).toMatchObject({ value: 50, positionBias: expect.closeTo(0.25, 12), flips: 1 });
  expect(compScore([likesPrediction])).toMatchObject({
    value: expect.closeTo(75, 12),
    positionBias: expect.closeTo(0, 12),
    flips: 0,
  });
  expect(compScore([])).toMatchObject({ value: null, positionBias: null, n: 0 });
});

test("preferenceOf() gives a missing option a tenth of the least likely token", () => {
  const tops = [
    { token: "A", logProb: -0.1 },
    { token: "The", logProb: -5 },
  ];

  expect(preferenceOf(tops)).toEqual({ a: -0.1, b: -7.3 });
  expect(preferenceOf([])).toEqual({ a: -2.3, b: -2.3 });
});
