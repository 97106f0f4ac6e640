import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { mean, type Tensor } from "#base";
import { leavesOf } from "#engine";
import { loadModel, score } from "#models";
import { llamaJson, llamaOf } from "./llama-shape.ts";
import { batchOfTexts, compilePredictions } from "./next-tokens.ts";
import { countWeights, readWeights, startWeights, writeWeights } from "./weights.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-recipe-weights-"));
afterAll(() => rmSync(folder, { recursive: true }));

const shape = { vocabularySize: 32, hiddenSize: 16, intermediateSize: 24, layers: 2, heads: 2, contextLength: 16 };
const config = llamaOf(shape);
const weights = startWeights(config, 3);
const leaves = (tree: unknown) => [...leavesOf<Tensor<"float32">>(tree)];
writeWeights(folder, weights, { config, json: llamaJson(shape, { endId: 0 }) });

test("startWeights() draws the same from the same seed, and begins scales at one", () => {
  const [first, other] = [leaves(startWeights(config, 3)), leaves(startWeights(config, 4))];

  expect(first).toEqual(leaves(weights));
  expect(other).not.toEqual(first);
  expect(countWeights(weights)).toBe(32 * 16 + 16 + 2 * (2 * 16 + 4 * 16 * 16 + 3 * 16 * 24));
  expect([...weights.finalNorm.scale.data]).toEqual(new Array(16).fill(1));
});

test("startWeights() by width draws the maps of the blocks so that they give as much as they read", () => {
  const { blocks, embedding } = startWeights(config, 3, "by width");
  const spread = (values: Iterable<number>) => Math.sqrt(mean(Array.from(values, (value) => value * value)));

  const found = blocks.map(({ attention, mlp }) => [attention.query, mlp.up, mlp.down].map((map) => map.weight.data));

  const [query, up, down] = [0, 1, 2].map((which) => spread(found.flatMap((maps) => [...maps[which]!])));
  expect(spread(embedding.token.data)).toBeCloseTo(0.02, 2);
  expect([query! * 4, up! * 4, down! * Math.sqrt(24) * 2].map((ratio) => Math.round(ratio * 5) / 5)).toEqual([1, 1, 1]);
});

test("writeWeights() writes what readWeights() reads, rounded to half precision", async () => {
  const read = await readWeights(folder);

  const rounded = leaves(weights).map(([path, { data }]) => [path, [...Float16Array.from(data)]]);
  expect(leaves(read).map(([path, { data }]) => [path, [...data]])).toEqual(rounded);
});

test("compilePredictions() gives each counted token the probability that score() gives it", async () => {
  using model = await loadModel(folder);
  const texts = [
    { ids: [5, 9, 3, 7, 1], from: 2 },
    { ids: [8, 2, 30], from: 1 },
  ];

  const predict = await compilePredictions({ weights: await readWeights(folder), config });
  const { losses, isRight } = await predict(batchOfTexts(texts));

  const pairs = texts.map(({ ids, from }) => ({ promptIds: ids.slice(0, from), continuationIds: ids.slice(from) }));
  const tokens = (await score(model, pairs)).flatMap((one) => one.tokens);
  expect([...losses]).toEqual(tokens.map(({ logProb }) => expect.closeTo(-logProb, 5)));
  expect([...isRight]).toEqual(tokens.map(({ isLikeliest }) => Number(isLikeliest)));
});

test("batchOfTexts() fills shorter texts up at the end and points at the token before each that counts", () => {
  const { inputIds, positions, targets } = batchOfTexts([
    { ids: [1, 2, 3, 4], from: 2 },
    { ids: [5, 6], from: 1 },
  ]);

  expect(inputIds.shape).toEqual([2, 3]);
  expect([...inputIds.data].map(Number)).toEqual([1, 2, 3, 5, 0, 0]);
  expect([...positions.data].map(Number)).toEqual([1, 2, 3]);
  expect([...targets.data].map(Number)).toEqual([3, 4, 6]);
});
