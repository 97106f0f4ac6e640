import { expect, test } from "vitest";
import type { Score } from "#base";
import { recordsOf } from "./records.ts";

const measured = {
  ...({ subject: "s", split: "positive", group: "M1-N2-K1/positive" } as const),
  configuration: { pictures: 1, side: 2, needles: 1 },
  comparability: { data: "d", prompt: "p", split: "s", scorer: "c", settings: "x" },
};

const recordOf = (scores: readonly Score[], metric: string) =>
  recordsOf(scores, measured).find((one) => one.metric === metric);

test("recordsOf() gives each metric its own denominator", () => {
  const scores = [{ empty: 0, existence: 1, exact: 1 }, { empty: 0, existence: 1, exact: null }, { empty: 1 }];

  expect(recordOf(scores, "existence")).toMatchObject({ value: 100, n: 2 });
  expect(recordOf(scores, "exact")).toMatchObject({ value: 100, n: 1 });
  expect(recordOf(scores, "empty")!.value).toBeCloseTo(33.333, 2);
  expect(recordOf(scores, "index")).toBeUndefined();
});

test("recordsOf() carries Wilson's interval in percent", () => {
  const scores = Array.from({ length: 100 }, (_, at) => ({ exact: Number(at < 52) }));

  const { interval } = recordOf(scores, "exact")!;

  expect(interval).toMatchObject({ method: "Wilson", level: 0.95 });
  expect(interval!.low).toBeCloseTo(42.3, 1);
  expect(interval!.high).toBeCloseTo(61.54, 1);
});

test("recordsOf() pools individual accuracy over needles and resamples whole samples", () => {
  const half = { allExact: 0.5, compared: 2 };
  const scores = [
    ...Array(20).fill(half),
    ...Array(20).fill({ allExact: 1, compared: 1 }),
    ...Array(20).fill({ allExact: 0, compared: 2 }),
  ];

  const record = recordOf(scores, "allExact")!;

  expect(record).toMatchObject({ value: 40, n: 100, interval: { method: "percentile bootstrap, 1000 resamples" } });
  expect(record.interval!.low).toBeGreaterThan(20);
  expect(record.interval!.high).toBeLessThan(60);
});

test("recordsOf() gives a single sample an interval that holds its value", () => {
  const { value, interval } = recordOf([{ allExact: 0.8, compared: 5 }], "allExact")!;

  expect(interval!.low).toBeLessThan(value!);
  expect(interval!.high).toBeGreaterThan(value!);
});

test("recordsOf() claims no certainty where every needle is right", () => {
  const { interval } = recordOf(Array(10).fill({ allExact: 1, compared: 2 }), "allExact")!;

  expect(interval!.low).toBeLessThan(75);
});
