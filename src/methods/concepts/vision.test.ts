import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { colorPictures } from "#corpora";
import { loadVisionModel, VisionModel, visionHash } from "#models";
import { explainAll } from "./explain.ts";
import { fitConcepts } from "./fit.ts";
import { embeddingHash, embedPictures, layerFromEnd, visionSource } from "./vision.ts";

const folder = join(import.meta.dirname, "../../../miniatures/vit");
const model = await loadVisionModel(folder);
const held = colorPictures({ seed: 0, size: 32, perClass: 15, split: "test" });
const pictures = await Promise.all(
  held.map(async ({ name, pixels }) => ({ id: name, picture: await model.picture(pixels) })),
);

test("embedPictures() gives patches with their attention and the model's answer, and the class token where it is asked for", async () => {
  const { images, grid } = await embedPictures(model, pictures);
  const whole = await embedPictures(model, pictures, { classToken: true, layer: 1 });

  expect(grid).toEqual([8, 8]);
  expect(images.map(({ id, label }) => [id, label])).toEqual(held.map(({ name, label }) => [name, label]));
  expect([images[0]!.embeddings.length, images[0]!.attention.length]).toEqual([64 * 48, 64]);
  expect(whole.images[0]!.embeddings.length).toBe(65 * 48);
  const total = Array.from(whole.images[0]!.attention).reduce((sum, one) => sum + one, 0);
  expect(total).toBeCloseTo(1, 5);
  expect(Array.from(images[0]!.probabilities!).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
});

test("visionHash() is of a folder's content, and embeddingHash() of the layer too", async () => {
  const home = mkdtempSync(join(tmpdir(), "assay-hash-"));
  cpSync(folder, join(home, "copy"), { recursive: true });
  const copy = await loadVisionModel(join(home, "copy"));
  rmSync(home, { recursive: true });
  const inMemory = new VisionModel({ ...model, folder: undefined });

  expect(visionHash(await loadVisionModel("mini:vit"))).toBe(visionHash(model));
  expect(copy.config).toEqual(model.config);
  expect(visionHash(inMemory)).not.toBe(visionHash(model));
  expect(embeddingHash(model)).not.toBe(embeddingHash(model, { layer: 1 }));
});

test("concepts that were learned from one layer are refused for another", async () => {
  const { images } = await embedPictures(model, pictures);
  const source = visionSource(model, images, { name: "colors" });
  const concepts = await fitConcepts(source, { concepts: 4, dimensions: 8, epochs: 4 });

  const explained = await explainAll(concepts, source);

  expect(explained.map(({ theta }) => theta.length)).toEqual(held.map(() => 4));
  const other = visionSource(model, images, { name: "colors", layer: 1 });
  await expect(explainAll(concepts, other)).rejects.toMatchObject({ code: "MODEL_MISMATCH" });
});

test("layerFromEnd() counts from the end, and says so of a layer that is none", async () => {
  const deep = await loadVisionModel("mini:vit");

  expect([1, 2, 4].map((layer) => layerFromEnd(deep, layer))).toEqual([3, 2, 0]);
  for (const layer of [0, 5, 1.5]) {
    expect(() => layerFromEnd(deep, layer)).toThrow(`Expected a layer from 1 to 4, counted from the end, got ${layer}`);
  }
});
