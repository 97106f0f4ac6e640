import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readResponses } from "./responses.ts";
import { asPrinted, scoreFile } from "./score-file.ts";

const golden: { cases: { needles: number; entries: unknown[]; metrics: object; empty: number }[] } = JSON.parse(
  readFileSync(new URL("../../../test/golden/studies/mmneedle-scorer.golden.json", import.meta.url), "utf8"),
);

test("scoreFile() prints what the official scripts print for every file of our making", () => {
  const ours = golden.cases.map(({ entries }) => scoreFile(readResponses(JSON.stringify(entries), "own.json")));

  const printed = ours.map(({ metrics, empty }) => ({ empty, metrics: valuesOf(metrics) }));
  expect(golden.cases.length).toBeGreaterThan(140);
  expect(printed).toEqual(golden.cases.map(({ metrics, empty }) => ({ empty, metrics })));
});

test("scoreFile() leaves missing answers out of every denominator and lists them", () => {
  const { metrics, empty, emptyIds, perSample } = scoreFile(answers(["2, 3, 1", null, "-1", "2, 1, 1"]));

  expect(metrics).toEqual({
    existence: { value: 66.67, n: 3 },
    index: { value: 66.67, n: 3 },
    exact: { value: 33.33, n: 3 },
  });
  expect([empty, emptyIds]).toEqual([1, [1]]);
  expect(perSample[1]).toBeNull();
});

test("scoreFile() counts missing answers as misses when asked to, and its signature says so", () => {
  const entries = answers(["2, 3, 1", null]);

  const { metrics, signature } = scoreFile(entries, { nullAsWrong: true });

  expect(metrics.exact).toEqual({ value: 50, n: 2 });
  expect(signature).toBe("mmneedle|scorer:official-strict|nulls:wrong|v:1");
  expect(scoreFile(entries).signature).toBe("mmneedle|scorer:official-strict|nulls:left-out|v:1");
});

test("scoreFile() compares only the needles that were answered, as the official All accuracies do", () => {
  const truth = "1, 1, 1; 1, 1, 2; 1, 2, 1; 1, 2, 2; 1, 2, 3";

  const { metrics } = scoreFile([{ id: 0, needles: 5, truth, response: "1, 1, 1; 1, 9, 9" }]);

  expect(metrics.allIndex).toEqual({ value: 100, n: 2 });
  expect(metrics.allExact).toEqual({ value: 50, n: 2 });
});

test("scoreFile() has no metrics for a file without any answer", () => {
  expect(scoreFile(answers([null, null]))).toMatchObject({ metrics: {}, empty: 2, perSample: [null, null] });
});

test("asPrinted() rounds ties to the even digit, as Python does", () => {
  expect([3.125, 9.375, 0.625, 66.66666].map(asPrinted)).toEqual([3.12, 9.38, 0.62, 66.67]);
});

test("asPrinted() stays within half a hundredth", () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 100_000 }), (hits, n) => {
      const value = (Math.min(hits, n) / n) * 100;
      expect(Math.abs(asPrinted(value) - value)).toBeLessThanOrEqual(0.005 + 1e-9);
    }),
  );
});

const answers = (responses: (string | null)[]) =>
  responses.map((response, id) => ({ id, needles: 1, truth: "2, 3, 1", response }));

const valuesOf = (metrics: ReturnType<typeof scoreFile>["metrics"]) =>
  Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]));
