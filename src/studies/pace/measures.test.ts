import { expect, test } from "vitest";
import type { Pixels } from "#formats";
import { loadVisionModel } from "#models";
import { curveAreas, importanceOf, randomImportance } from "./curves.ts";
import { lookAt } from "./embed.ts";
import { scoresOf, spreadPlaces } from "./measures.ts";
import { openPictures } from "./pictures.ts";
import { recordsOf } from "./records.ts";
import { settingsWith } from "./study-double.ts";

const flat = (value: number): Pixels => ({ data: new Uint8Array(8 * 8 * 3).fill(value), width: 8, height: 8 });

test("spreadPlaces() takes places from the whole list", () => {
  expect([spreadPlaces(10, 3), spreadPlaces(2, 5), spreadPlaces(4, 0)]).toEqual([[0, 3, 6], [0, 1], []]);
});

test("curveAreas() falls sooner when the patches that matter go first", async () => {
  const model = await loadVisionModel("mini:vit");
  const set = await openPictures(settingsWith(), 0);
  const seen = await lookAt(model, set.test.slice(0, 4), { settings: settingsWith(), seed: 0, withPerturbed: true });
  const byTruth = seen.map(({ picture }) => picture.truth!(4).map((material) => (material === 4 ? 0 : 1)));

  const truth = await curveAreas(model, { seen, importance: byTruth, steps: 4 });
  const random = await curveAreas(model, {
    seen,
    importance: seen.map((one) => randomImportance(one, 64, 1)),
    steps: 4,
  });

  expect(truth.n).toBe(4);
  expect(truth.insertion).toBeGreaterThan(0);
  expect(random.deletion).toBeGreaterThan(0);
  const explained = { id: "x", theta: Float64Array.from([0.5, 0.5]), patches: Float64Array.from([1, 0, 0, 1]) };
  const one = { ...seen[0]!, predicted: 0, image: { ...seen[0]!.image, attention: Float64Array.from([0.5, 0.25]) } };
  expect([
    ...importanceOf(one, explained, [
      [0.8, 0.2],
      [0.2, 0.8],
    ]),
  ]).toEqual([expect.closeTo(0.15, 9), expect.closeTo(-0.075, 9)]);
});

test("recordsOf() prints K, α, weights and θ with every number", () => {
  const printed = { k: 6, alpha: "2", weights: "J a", theta: "E[θ]" };
  const examined = {
    explainer: "PACE",
    variant: "main",
    seed: 1,
    level: "full",
    printed,
    settings: {},
    tuning: { tried: 2, scores: [], chosen: 0 },
    scores: { sparsity: { value: 0.5, n: 3 } },
    curves: { deletion: 0.4, insertion: 0.6, n: 2, each: [0.3, 0.5] },
    randomCurves: null,
    gallery: null,
    comparison: null,
  };

  const records = recordsOf({ subject: "s", settings: settingsWith() }, examined);

  expect(records.map(({ metric }) => metric)).toEqual(["sparsity", "deletion", "insertion", "candidates"]);
  expect(records[0]).toMatchObject({ value: 0.5, n: 3, setting: { dataset: "color", ...printed } });
});

test("scoresOf() gives every desideratum of a θ that tells everything", () => {
  const picture = { name: "x", photo: flat(0), label: 0, truth: () => [0, 1] };
  const image = { id: "x", embeddings: new Float64Array(2), attention: new Float64Array(2) };
  const seen = [0, 1, 0, 1].map((predicted) => ({
    picture,
    image,
    pixels: flat(0),
    shaken: undefined,
    grid: [1, 2] as const,
    predicted,
    probabilities: Float64Array.from([1 - predicted, predicted]),
  }));
  const explained = seen.map(({ predicted }, at) => ({
    id: String(at),
    theta: Float64Array.from([1 - predicted, predicted]),
    patches: Float64Array.from([1, 0, 0, 1]),
  }));
  const set = {
    dataset: "color",
    train: [],
    test: [],
    classes: ["a", "b"],
    materials: ["m", "n"],
    target: { material: 1, label: 1 },
    identity: null,
  } as const;

  const found = scoresOf(
    { train: explained, test: explained, perturbed: explained },
    { train: seen, test: seen, set, classes: 2, patch: 4 },
    2,
  );

  expect(Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]))).toMatchObject({
    faithfulness: 1,
    chance: 0.5,
    stability: 0,
    correctedStability: 0,
    sparsity: 0.5,
    parsimony: 2,
    purity: 1,
    nmi: 1,
    ari: 1,
    pointing: 1,
    iou: 1,
    pointingChance: 0.5,
  });
});
