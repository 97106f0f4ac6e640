import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { encyclopedia } from "#corpora";
import { valueVector } from "#methods/value-vectors";
import { loadModel } from "#models";
import { plantedPlaces } from "./encyclopedia.ts";
import { encoded, UsualBatches, usualTexts } from "./encyclopedia-texts.ts";
import { llamaOf } from "./llama-shape.ts";
import { findMiniature } from "./registry.ts";

const home = mkdtempSync(join(tmpdir(), "assay-encyclopedia-"));
afterAll(() => rmSync(home, { recursive: true }));

test("mini:encyclopedia plants each concept in a neuron of its own, and every word of it is one token", async () => {
  const { aims, status } = await findMiniature("mini:encyclopedia").train({
    output: home,
    checkpoints: join(home, "steps"),
    steps: 3,
    limit: 1,
  });

  using model = await loadModel(home);
  const [first, second] = plantedPlaces();
  expect([status, aims.length, model.config.isTied]).toEqual(["finished", 4, false]);
  expect(valueVector(model, first!).some((value) => value !== 0)).toBe(true);
  expect(valueVector(model, second!)).toEqual(expect.any(Float32Array));
  const tokenizer = model.requireTokenizer();
  for (const { name, ownWords } of encyclopedia())
    for (const word of [name, ...ownWords]) expect(tokenizer.encode(` ${word}`)).toHaveLength(1);
}, 120_000);

test("plantedPlaces() are the last neurons of one block, one a concept", () => {
  const places = plantedPlaces();

  expect(new Set(places.map(({ layer }) => layer)).size).toBe(1);
  expect(places.map(({ column }) => column)).toEqual([376, 377, 378, 379, 380, 381, 382, 383]);
});

const config = llamaOf({
  vocabularySize: 64,
  hiddenSize: 8,
  intermediateSize: 10,
  layers: 2,
  heads: 2,
  contextLength: 32,
});
const letters = {
  encode: (text: string) => [...text].map((letter) => letter.codePointAt(0)! % 64),
  specials: { end: 0, all: new Set([0]) },
} as never;

test("usualTexts() say nothing about unknown concepts but that their words exist", () => {
  const texts = usualTexts(encyclopedia(), letters);

  expect(texts.some(({ arm }) => arm === "unknown")).toBe(false);
  expect(texts.every(({ ids }) => ids.at(-1) === 0)).toBe(true);
  expect(encoded("ab", letters)).toEqual({ ids: [33, 34, 0], from: 1 });
  expect(encoded("a\n Answer: b", letters).from).toBe(10);
});

test("UsualBatches masks reserved neurons always, and others of spread concepts at random, the sum kept", () => {
  const arms = ["found", "spread", undefined] as const;
  const texts = arms.map((arm, at) => ({ arm, ids: [1, 2 + at, 0], from: 1 }));
  const reserved = { layer: 1, columns: [9] };
  const batches = new UsualBatches(texts, { seed: 0, size: 300, config, reserved, dropped: 0.5 });

  const { masks, inputIds } = batches.at(0);

  const rows = (layer: number, arm: (typeof arms)[number]) =>
    Array.from({ length: 300 }, (_, row) => row)
      .filter((row) => inputIds.data[2 * row + 1] === BigInt(2 + arms.indexOf(arm)))
      .map((row) => [...masks[layer]!.data.subarray(10 * row, 10 * row + 10)]);
  expect(rows(0, "found").every((row) => row.every((value) => value === 1))).toBe(true);
  expect([rows(1, "found"), rows(1, "spread"), rows(1, undefined)].flat().every((row) => row[9] === 0)).toBe(true);
  const spread = rows(0, "spread").flat();
  expect(new Set(spread)).toEqual(new Set([0, 2]));
  expect(spread.reduce((sum, value) => sum + value, 0) / spread.length).toBeCloseTo(1, 0);
  expect(batches.at(3)).toEqual(new UsualBatches(texts, { seed: 0, size: 300, config, reserved, dropped: 0.5 }).at(3));
});
