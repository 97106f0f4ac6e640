import fc from "fast-check";
import { expect, test } from "vitest";
import { pearson, ranks, spearman } from "./correlation.ts";

const pairs = fc.array(fc.tuple(fc.integer({ min: -999, max: 999 }), fc.integer({ min: -999, max: 999 })), {
  minLength: 2,
});

test("pearson() stays in [-1, 1], does not care which side is first, and survives scaling and shifting", () => {
  fc.assert(
    fc.property(pairs, (points) => {
      const x = points.map(([value]) => value);
      const y = points.map(([, value]) => value);
      const r = pearson(x, y);
      if (r === null) return;
      expect(Math.abs(r)).toBeLessThanOrEqual(1);
      expect(pearson(y, x)).toBeCloseTo(r, 12);
      expect(
        pearson(
          x.map((value) => 3 * value + 7),
          y,
        ),
      ).toBeCloseTo(r, 9);
      expect(
        pearson(
          x.map((value) => -value),
          y,
        ),
      ).toBeCloseTo(-r, 12);
    }),
  );
});

test("spearman() sees a rising curve as a straight line", () => {
  const x = [0.1, 0.7, 3, 4, 9];

  expect(spearman(x, x.map(Math.exp))).toBeCloseTo(1, 12);
  expect(pearson(x, x.map(Math.exp))).toBeLessThan(0.9);
  expect(
    spearman(
      x,
      x.map((value) => 1 / value),
    ),
  ).toBeCloseTo(-1, 12);
});

test("ranks() gives ties the mean of their places", () => {
  expect([...ranks([30, 10, 20, 10])]).toEqual([4, 1.5, 3, 1.5]);
  expect([...ranks([5, 5, 5])]).toEqual([2, 2, 2]);
});

test("correlations of a constant are null, not zero", () => {
  expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNull();
  expect(spearman([1, 2, 3], [7, 7, 7])).toBeNull();
});

test("correlations refuse lists that are not pairs of numbers", () => {
  expect(() => pearson([1, 2], [1])).toThrow("pearson: Expected pairs, got 2 and 1 values");
  expect(() => pearson([1], [1])).toThrow("at least 2 values, got 1");
  expect(() => spearman([1, Number.NaN], [1, 2])).toThrow("spearman: Expected finite numbers, got NaN at position 1");
  expect(() => ranks([Number.NaN])).toThrow("ranks");
});
