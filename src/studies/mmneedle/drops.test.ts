import { expect, test } from "vitest";
import type { MeasuredRecord } from "#base";
import { meanDrop } from "./drops.ts";

const share = (hits: number, n: number): MeasuredRecord => ({
  subject: "s",
  setting: {},
  metric: "exact",
  n,
  value: (100 * hits) / n,
});

test("meanDrop() of one pair is Newcombe's interval", () => {
  const { from, to, points, interval } = meanDrop([{ higher: share(56, 70), lower: share(48, 80) }]);

  expect([from, to, points].map((value) => value.toFixed(2))).toEqual(["80.00", "60.00", "20.00"]);
  // Newcombe 1998, table II (a), method 10
  expect(interval.low).toBeCloseTo(5.24, 1);
  expect(interval.high).toBeCloseTo(33.39, 1);
});

test("meanDrop() of several pairs is narrower than of one", () => {
  const one = { higher: share(56, 70), lower: share(48, 80) };

  const width = (drop: ReturnType<typeof meanDrop>) => drop.interval.high - drop.interval.low;

  expect(width(meanDrop([one, one, one, one]))).toBeCloseTo(width(meanDrop([one])) / 2, 6);
});

test("meanDrop() says how many samples would tell two shares apart, and none for equal ones", () => {
  expect(meanDrop([{ higher: share(6, 10), lower: share(5, 10) }]).needed).toBeGreaterThan(300);
  expect(meanDrop([{ higher: share(5, 10), lower: share(5, 10) }]).needed).toBeNull();
});
