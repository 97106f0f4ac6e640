import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tensor } from "#base";
import { sourceOf, writeNpy, writeSafetensors } from "#formats";
import { drawImages } from "./concepts-double.ts";
import {
  type ConceptModel,
  chooseConcepts,
  completeSettings,
  conceptHash,
  defaultSettings,
  defaultWeights,
  type EmbeddedImage,
  effectiveConcepts,
  explainAll,
  explainImages,
  fitConcepts,
  loadConcepts,
  modes,
  openDump,
  projectRows,
  saveConcepts,
  sourceOfImages,
  sourcePart,
  thetaOf,
  virtualCounts,
  weightsText,
} from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-concepts-"));
const settings = { concepts: 4, epochs: 8, alpha: 0.4, projection: "whiten" } as const;
const imagesOf = (source: { images(): unknown }): EmbeddedImage[] => [...(source.images() as Iterable<EmbeddedImage>)];

test("saveConcepts() and loadConcepts() keep every number, and the same images get the same explanation", async () => {
  const { source } = drawImages({ images: 20, patches: 9 });
  const model = await fitConcepts(source, { ...settings, faithfulness: 2 });
  const path = join(folder, "sub", "model");

  saveConcepts(path, model);
  const again = loadConcepts(path);

  expect(again).toEqual(model);
  expect(conceptHash(again)).toBe(conceptHash(model));
  expect(await explainAll(again, source)).toEqual(await explainAll(model, source));
});

test("loadConcepts() refuses what it did not write", async () => {
  const path = join(folder, "foreign");
  writeFileSync(`${path}.json`, "{}");

  expect(() => loadConcepts(path)).toThrow("Expected a concept model of layout assay-concepts-1, got null");
  writeFileSync(`${path}.json`, "{");
  expect(() => loadConcepts(path)).toThrow("concepts: Expected JSON");
  expect(() => loadConcepts(join(folder, "none"))).toThrow("found none");
});

test("an explanation made for another model is refused", async () => {
  const { source } = drawImages({ images: 10, patches: 4 });
  const model: ConceptModel = await fitConcepts(source, { ...settings, epochs: 1 });

  const explained = explainImages(model, { ...source, model: "another" });

  await expect(explained.next()).rejects.toThrow(
    /Expected embeddings of model "double", got "another".*explain a model with concepts of its own/,
  );
  await expect(explainAll(model, { ...source, width: 7 })).rejects.toThrow("Expected embeddings of width 3, got 7");
});

const about = { name: "bad", width: 2, classes: 2, model: "m" };
const image = (embeddings: number[], attention = [1, 1], label?: number): EmbeddedImage => ({
  id: "bad.png",
  embeddings: Float64Array.from(embeddings),
  attention: Float64Array.from(attention),
  ...(label === undefined ? {} : { label }),
});

test.each([
  [[image([1, Number.NaN, 3, 4])], "Expected finite embeddings for image bad.png, got NaN at patch 0, dimension 1"],
  [[image([5, 5, 5, 5]), image([5, 5, 5, 5])], "Expected embeddings that differ, got 4 equal patches in bad"],
  [[image([1, 2, 3, 4])], "Expected at least 4 different patches for 4 concepts, got 2"],
  [[image([1, 2, 3])], "Expected rows of 2 for image bad.png, got 3 numbers"],
  [[image([1, 2, 3, 4], [1])], "Expected 2 attention weights"],
  [[image([1, 2, 3, 4], [0, 0])], "got a sum of 0"],
  [[image([1, 2, 3, 4], [-1, 2])], "got a sum of NaN"],
  [[image([1, 2, 3, 4], [1, 1], 2)], "Expected a class from 0 to 1 for image bad.png, got 2"],
  [[], "Expected images in bad, got none"],
] as [EmbeddedImage[], string][])("fitConcepts() names what is wrong with its images: %#", async (images, message) => {
  const fit = fitConcepts(sourceOfImages(images, about), { concepts: 4, projection: "none" });

  await expect(fit).rejects.toThrow(message);
});

test("a class without images costs nothing", async () => {
  const { source } = drawImages({ images: 12, patches: 4 });

  const model = await fitConcepts({ ...source, classes: 9 }, { ...settings, faithfulness: 1 });

  expect(model.eta.length).toBe(36);
  expect(model.eta.every(Number.isFinite)).toBe(true);
});

test("completeSettings() fills in the defaults and names what cannot be", () => {
  expect(completeSettings({ concepts: 7 })).toEqual({ ...defaultSettings, concepts: 7 });
  for (const wrong of [
    { concepts: 0 },
    { alpha: 0 },
    { damping: 2 },
    { mode: "F" as never },
    { covariance: "round" as never },
  ]) {
    expect(() => completeSettings(wrong)).toThrow("concepts: Expected");
  }
  expect(() => completeSettings({ weights: { ...defaultWeights, cap: 0 } })).toThrow("Expected a cap above 0");
  expect(Object.keys(modes)).toEqual(["A", "B", "C", "D", "E"]);
});

test("virtualCounts() add up to the patches or to one, capped and tempered, and say so", () => {
  expect([...virtualCounts([3, 1], defaultWeights)]).toEqual([1.5, 0.5]);
  expect([...virtualCounts([3, 1], { kind: "attention", scale: "one" })]).toEqual([0.75, 0.25]);
  expect([...virtualCounts([9, 1], { kind: "attention", scale: "patches", cap: 1.2 })]).toEqual([1.2, 0.2]);
  expect([...virtualCounts([9, 1], { kind: "attention", scale: "patches", temper: 0.5 })]).toEqual([1.5, 0.5]);
  expect(weightsText({ kind: "attention", scale: "one", cap: 5, temper: 0.5 })).toBe(
    "attention, sum 1, cap 5, power 0.5",
  );
});

test("thetaOf() reads θ three ways", () => {
  const [gamma, alpha] = [Float64Array.from([3, 1]), Float64Array.from([1, 1])];

  expect([...thetaOf(gamma, alpha, "mean")]).toEqual([0.75, 0.25]);
  expect([...thetaOf(gamma, alpha, "patches")]).toEqual([1, 0]);
  expect(thetaOf(gamma, alpha, "geometric")[0]).toBeCloseTo(Math.exp(1.5) / (1 + Math.exp(1.5)), 12);
});

test("chooseConcepts() takes the number of concepts under which unseen images are likeliest", async () => {
  const { source } = drawImages({ images: 60, patches: 20, concepts: 4, spread: 5 });
  const candidates = [1, 2, 4].map((concepts) => ({ ...settings, concepts, projection: "none" as const }));

  const { best, scores, model } = await chooseConcepts(source, candidates, { seed: 1 });

  expect(best.settings.concepts).toBe(4);
  expect(scores.map(({ settings: { concepts } }) => concepts)).toEqual([1, 2, 4]);
  expect(scores[2]!.heldOut).toBeGreaterThan(scores[0]!.heldOut + 1);
  expect(effectiveConcepts(model)).toBeGreaterThan(3);
  await expect(chooseConcepts(source, [])).rejects.toThrow("Expected a candidate");
});

test("sourcePart() gives the chosen images in their order, and projectRows() centres", async () => {
  const { source } = drawImages({ images: 5, patches: 2 });

  const ids: string[] = [];
  for await (const { id } of sourcePart(source, [3, 1], "part").images()) ids.push(id);
  const into = new Float64Array(2);
  projectRows(
    [3, 5],
    { kind: "none", width: 2, d: 2, centre: Float64Array.from([1, 2]), scale: Float64Array.from([1, 2]), kept: 1 },
    into,
  );

  expect(ids).toEqual(["image 1", "image 3"]);
  expect([...into]).toEqual([2, 6]);
});

test("openDump() reads NPY folders and safetensors files made elsewhere alike", async () => {
  const { source } = drawImages({ images: 6, patches: 5 });
  const images = imagesOf(source);
  const numbers = (read: (one: EmbeddedImage) => Iterable<number>) => images.flatMap((one) => [...read(one)]);
  const arrays = {
    embeddings: tensor(
      [6, 5, 3],
      numbers(({ embeddings }) => embeddings),
    ),
    attention: tensor(
      [6, 2, 5],
      numbers(({ attention }) => [...attention, ...attention]),
    ),
    labels: tensor(
      [6],
      images.map(({ label }) => label!),
      "int64",
    ),
    logits: tensor(
      [6, 4],
      numbers(({ label }) => [0, 1, 2, 3].map((n) => (n === label ? 3 : 0))),
    ),
    perturbed_embeddings: tensor(
      [6, 5, 3],
      numbers(({ embeddings }) => embeddings),
    ),
    perturbed_attention: tensor(
      [6, 5],
      numbers(({ attention }) => attention),
    ),
  };
  for (const [name, values] of Object.entries(arrays)) writeNpy(join(folder, `${name}.npy`), values);
  const file = join(folder, "dump.safetensors");
  writeSafetensors(
    file,
    Object.entries(arrays).map(([name, values]) => sourceOf(name, values)),
  );

  const [first, second] = [openDump(folder, { model: "m" }), openDump(file, { model: "m" })];

  expect(imagesOf(first)).toEqual(imagesOf(second));
  expect(first).toMatchObject({ width: 3, classes: 4, count: 6, model: "m" });
  expect(imagesOf(first)[2]).toMatchObject({ id: "2", label: images[2]!.label });
  expect(imagesOf(first)[0]!.probabilities![0]! + 0).toBeLessThan(1);
  expect(imagesOf(openDump(folder, { classToken: true }))[0]!.attention.length).toBe(4);
  expect((await fitConcepts(first, settings)).model).toBe("m");
  first.close();
  second.close();
});

test("openDump() says what is missing or does not fit", () => {
  const path = join(folder, "partial");
  const write = (name: string, shape: number[]) =>
    writeSafetensors(`${path}-${name}.safetensors`, [
      sourceOf("embeddings", tensor([2, 3, 2], new Float32Array(12))),
      ...(shape.length > 0
        ? [sourceOf("attention", tensor(shape, new Float32Array(shape.reduce((a, b) => a * b)).fill(1)))]
        : []),
    ]);
  write("none", []);
  write("short", [2, 4]);

  expect(() => openDump(`${path}-none.safetensors`)).toThrow(
    /Expected attention weights in .*, found none; ask the model/,
  );
  expect(imagesOf(openDump(`${path}-none.safetensors`, { withoutAttention: "uniform" }))[0]!.attention).toEqual(
    new Float64Array(3).fill(1),
  );
  expect(() => openDump(`${path}-short.safetensors`)).toThrow("Expected 3 weights an image, or a head, in attention");
  expect(() => openDump(join(folder, "sub"))).toThrow();
});
