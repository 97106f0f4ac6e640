import fc from "fast-check";
import { expect, test } from "vitest";
import { stream } from "../random/streams.ts";
import { mean, median, quantile, standardDeviation, sum } from "./summary.ts";

const values = fc.array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 2, maxLength: 60 });

test("sum(), mean() and standardDeviation() do not depend on the order of the values, not even in the last bit", () => {
  fc.assert(
    fc.property(values, fc.integer(), (list, seed) => {
      const shuffled = stream(seed, "order").shuffle(list);
      expect(sum(shuffled)).toBe(sum(list));
      expect(mean(shuffled)).toBe(mean(list));
      expect(standardDeviation(shuffled)).toBe(standardDeviation(list));
    }),
  );
});

test("sum() keeps what plain addition loses", () => {
  expect(sum(new Array(10).fill(0.1))).toBe(1);
  expect(sum([1e16, 1, -1e16])).toBe(1);
  expect(sum([])).toBe(0);
  expect(sum([1, -1])).toBe(0);
});

test("quantile() runs from the smallest to the largest value without turning back", () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      expect(quantile(list, 0)).toBe(Math.min(...list) + 0);
      expect(quantile(list, 1)).toBe(Math.max(...list) + 0);
      expect(quantile(list, share)).toBeGreaterThanOrEqual(quantile(list, share / 2));
    }),
  );
});

test("quantile() leaves the list as it was, and median() takes the middle", () => {
  const list = [3, 1, 2];

  expect(median(list)).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(list).toEqual([3, 1, 2]);
});

test("summaries refuse empty lists and what is no number", () => {
  expect(() => mean([])).toThrow("mean: Expected at least 1 value, got 0");
  expect(() => sum([1, Number.POSITIVE_INFINITY])).toThrow("got Infinity at position 1");
  expect(() => standardDeviation([1])).toThrow("at least 2 values, got 1");
  expect(() => median([])).toThrow("at least 1 value");
  expect(() => quantile([1, Number.NaN], 0.5)).toThrow("NaN at position 1");
  expect(() => quantile([1], 50)).toThrow("a share from 0 to 1, got 50");
});
