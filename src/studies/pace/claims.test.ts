import { expect, test } from "vitest";
import { type MeasuredRecord, wilson } from "#base";
import { resolveSettings } from "#runs";
import { claims } from "./claims.ts";
import { comparisonRecords } from "./comparisons.ts";
import { classMeans, hardest, largestFall } from "./measures.ts";
import { meanOverImages, quotientOverImages, shareOfImages } from "./over-images.ts";
import { table1, table2 } from "./published.ts";
import { type Settings, settings as table } from "./settings.ts";

const tiny = resolveSettings(table, { study: "pace", preset: "tiny", assignments: {} }) as Settings;

test("pace: the published tables average to the paper's second one where it re-computes", () => {
  const pace = table1.rows.find(({ subject }) => subject === "PACE")!.cells as number[];

  const means = [0, 4, 8].map((from) => pace.slice(from, from + 4).reduce((sum, value) => sum + value, 0) / 4);

  const printed = table2.rows.find(({ subject }) => subject === "PACE")!.cells as number[];
  for (const [at, value] of means.entries()) expect(Math.abs(value - printed[at]!)).toBeLessThan(0.0051);
});

const judged = (id: string, found: readonly Partial<MeasuredRecord>[]) =>
  claims
    .find((claim) => claim.id === id)!
    .judge(
      found.map((one, seed) => ({
        subject: "s",
        metric: "purity",
        value: 0,
        n: 40,
        ...one,
        setting: { explainer: "PACE", variant: "main", dataset: "color", seed, ...one.setting },
      })),
    );

test("claims hold, fail or stay undecided by the interval over images, with one seed or more", () => {
  const of = (value: number, low: number, high: number) => ({
    value,
    interval: { low, high, level: 0.95, method: "by hand" },
  });
  const status = (...found: Partial<MeasuredRecord>[]) => judged("concepts-are-materials", found)[0]!.status;

  expect([
    status(of(0.97, 0.95, 0.99)),
    status(of(0.5, 0.4, 0.6)),
    status(of(0.92, 0.85, 0.97)),
    status({ value: 0.99 }),
  ]).toEqual(["holds", "fails", "undecided", "undecided"]);
  expect(status(...[0.97, 0.98, 0.97].map((value) => of(value, 0.95, 0.99)))).toBe("holds");
  expect(judged("concepts-are-materials", [])).toEqual([]);
});

test("claims that starts disagree on stay undecided, however sure the images are", () => {
  const interval = { low: 0.95, high: 0.99, level: 0.95, method: "by hand" };

  const [verdict] = judged(
    "concepts-are-materials",
    [0.91, 0.99, 0.6].map((value) => ({ value, interval })),
  );

  expect(verdict).toMatchObject({ status: "undecided", seeds: 3, n: 40 });
  expect(verdict!.evidence).toContain("[0.950, 0.990] over test images");
});

const examinee = (explainer: string, each: Readonly<Record<string, readonly number[]>>, variant = "main") =>
  ({
    explainer,
    variant,
    seed: 0,
    level: "full",
    settings: {},
    curves: null,
    randomCurves: null,
    gallery: null,
    comparison: null,
    tuning: { tried: 1, scores: [], chosen: 0 },
    printed: { k: 6, alpha: "2", weights: "J a", theta: "E[θ]" },
    scores: Object.fromEntries(
      Object.entries(each).map(([name, own]) => [name, { value: 0, n: own.length, each: own }]),
    ),
  }) as const;

test("comparisonRecords() gives PACE's lead over the best other explainer of the same images", () => {
  const compared = comparisonRecords({ subject: "s", settings: tiny }, [
    examinee("PACE", { stability: [0.1, 0.2, 0.3, 0.2], faithfulness: [1, 1, 1, 1] }),
    examinee("GMM", { stability: [0.3, 0.3, 0.4, 0.3], faithfulness: [1, 1, 1, 1] }),
    examinee("NMF", { stability: [0.2, 0.3, 0.5, 0.2], faithfulness: [0, 0, 1, 1] }),
    examinee("PACE", { stability: [0.05, 0.1, 0.15, 0.1] }, "flat"),
  ]);
  const of = (metric: string) => compared.find((record) => record.metric === metric)!;

  expect(of("stabilityLead")).toMatchObject({ value: expect.closeTo(0.1, 9), n: 4 });
  expect(of("stabilityLead").interval!.low).toBeGreaterThan(0);
  expect(of("faithfulnessLead").value).toBe(0);
  // Four images on which nobody differs do not say that none ever would.
  expect(of("faithfulnessLead").interval!.low).toBeLessThan(-0.5);
  expect(of("flatQuotient")).toMatchObject({
    value: expect.closeTo(0.5, 9),
    interval: { low: expect.closeTo(0.5, 9) },
  });
  expect(compared.some(({ metric }) => metric === "leakedGain")).toBe(false);
});

test("claims that are undecided say how many images would decide", () => {
  const share = {
    value: 1,
    n: 40,
    metric: "faithfulness",
    interval: { low: 0.9, high: 1, level: 0.95, method: "Wilson" },
  };
  const wide = { value: 0.96, n: 40, interval: { low: 0.85, high: 0.99, level: 0.95, method: "bootstrap" } };

  expect(judged("color-is-told-exactly", [share])[0]!.needed).toBe(400);
  expect(judged("concepts-are-materials", [wide])[0]!.needed).toBe(135);
  expect(judged("concepts-are-materials", [{ value: 0.99 }])[0]!.needed).toBe(3);
});

test("meanOverImages() is the bootstrap's interval, shareOfImages() Wilson's, and one image has none", () => {
  expect(shareOfImages([1, 1, 1, 1])).toEqual(wilson(4, 4));
  expect(shareOfImages([1])).toBeUndefined();
  expect(meanOverImages([0.25, 0.25])).toMatchObject({ low: 0.25, high: 0.25 });
  const { low, high } = meanOverImages([0.1, 0.4, 0.2, 0.6])!;
  expect(low < 0.325 && high > 0.325).toBe(true);
  expect(meanOverImages([0.5])).toBeUndefined();
});

test("quotientOverImages() has no interval where a resample may divide by nothing", () => {
  const half = new Array<number>(40).fill(0.5);

  expect(quotientOverImages([0.1, 0.2], [0, 0.5])).toEqual({ value: expect.closeTo(0.6, 12), n: 2 });
  expect(quotientOverImages(half, [0, ...half.slice(1)]).interval).toMatchObject({ low: expect.any(Number) });
});

test("largestFall() ignores bounds that cannot be compared", () => {
  const of = (...bounds: [number, boolean][]) => largestFall(bounds.map(([bound, changed]) => ({ bound, changed })));

  expect(of([-10, false], [-5, false], [-6, true], [-4, false])).toBe(0);
  expect(of([-5, false], [-10, false])).toBe(0.5);
});

test("hardest() and classMeans() by hand, an answer without pictures being null", () => {
  const explained = [
    [0.9, 0.1],
    [0.5, 0.5],
  ].map((theta, at) => ({ id: String(at), theta: Float64Array.from(theta) }));

  expect(hardest(Float64Array.from([0.2, 0.8, 0.6, 0.4]), 2)).toEqual([1, 0]);
  expect(classMeans(explained, [2, 2], 3)).toEqual([null, null, [0.7, 0.3]]);
});
