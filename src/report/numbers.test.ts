import { expect, test } from "vitest";
import { countText, decimalsFor, fixed, intervalText } from "./numbers.ts";

test("fixed() prints the decimals it is asked for, a dash for nothing, and no minus before zero", () => {
  expect([fixed(52, 2), fixed(-1.25, 1), fixed(-0.001, 2), fixed(null), fixed(Number.NaN)]).toEqual([
    "52.00",
    "−1.3",
    "0.00",
    "–",
    "–",
  ]);
});

test("intervalText() names level and method", () => {
  const interval = { low: 48.9, high: 55.094, level: 0.95, method: "Wilson" };

  expect(intervalText(interval)).toBe("95 % interval 48.90 to 55.09 (Wilson)");
});

test("countText() separates thousands", () => {
  expect(countText(210000)).toBe("210,000");
});

test("decimalsFor() shows where an interval ends, in percent, in shares, and near zero", () => {
  const decimals = [
    { low: 48.9, high: 55.1 },
    { low: -0.312, high: 0.312 },
    { low: 0, high: 1 },
    { low: -0.004, high: 0.0012 },
    { low: 0, high: 0 },
    { low: 0, high: 1e-12 },
  ].map(decimalsFor);

  expect(decimals).toEqual([2, 3, 3, 5, 2, 6]);
});
