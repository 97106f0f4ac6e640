import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, expect, test } from "vitest";
import { tensor } from "#base";
import { loadVisionModel, modelTypeOf, openVisionFolder } from "./load-vision.ts";
import { observe } from "./observe.ts";
import { saveModel } from "./save-model.ts";
import { batchOf, pixelsOf } from "./vision-model.ts";
import { isVisionType, visionFamilies, visionFamilyOf } from "./vision-registry.ts";

const source = join(import.meta.dirname, "../../test/golden/models/vit");
const home = mkdtempSync(join(tmpdir(), "assay-vision-"));
afterAll(() => rmSync(home, { recursive: true }));

/** The fixture again, with changes in its config.json. */
function changed(name: string, change: object): string {
  const folder = join(home, name);
  cpSync(source, folder, { recursive: true });
  const json = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ ...json, ...change }));
  return folder;
}

test("visionFamilyOf() refuses what has no attention, and names the nearest of what it does not know", () => {
  expect(() => visionFamilyOf({ model_type: "resnet" })).toThrow("which has no attention to look at");
  expect(() => visionFamilyOf({ model_type: "vitt" })).toThrow('the nearest known is "vit"');
  expect(() => visionFamilyOf({})).toThrow('got "nothing"');
  expect([isVisionType("deit"), isVisionType("llama"), isVisionType(undefined)]).toEqual([true, false, false]);
  expect(Object.entries(visionFamilies).every(([name, family]) => family.name === name)).toBe(true);
});

test("openVisionFolder() compares config.json with the checkpoint before anything is read", () => {
  expect(modelTypeOf(source)).toBe("vit");
  expect(() => openVisionFolder(changed("wide", { hidden_size: 32 }))).toThrow(
    "one of the two belongs to another model",
  );
  expect(() => openVisionFolder(changed("deep", { num_hidden_layers: 3 }))).toThrow("encoder.layer.2");
  expect(() => openVisionFolder(changed("grey", { num_channels: 1 }))).toThrow("Expected a model of three channels");
  expect(() => openVisionFolder(changed("other", { id2label: { 0: "a" } }))).toThrow('"classifier.weight"');
});

test("loadVisionModel() tells what nobody knows of a folder", async () => {
  const folder = changed("strange", { window_attention: true });
  writeFileSync(join(folder, "preprocessor_config.json"), JSON.stringify({ do_sharpen: true, size: 8 }));

  const model = await loadVisionModel(folder);

  expect(model.warnings).toEqual([
    `${folder}: config.json has unknown keys: window_attention, preprocessor_config.json: do_sharpen`,
  ]);
  expect(model.pictures.resize).toEqual({ size: { height: 8, width: 8 }, filter: "bilinear" });
});

test("saveModel() writes a vision model that is read again to the bit", async () => {
  const model = await loadVisionModel(source);

  saveModel(model, join(home, "again"));

  const [ours, theirs] = [join(home, "again"), source].map((folder) => openVisionFolder(folder).checkpoint);
  for (const name of theirs!.tensors.keys()) expect(ours!.readRaw(name)).toEqual(theirs!.readRaw(name));
  ours!.close();
  theirs!.close();
});

const picture = (change: (image: Sharp) => Sharp) =>
  change(sharp({ create: { width: 20, height: 10, channels: 3, background: "#40a060" } })).toBuffer();

test.each<[string, (image: Sharp) => Sharp]>([
  ["grey", (image) => image.greyscale().png()],
  ["transparent", (image) => image.ensureAlpha(0.5).png()],
  ["CMYK", (image) => image.toColourspace("cmyk").jpeg()],
  ["16 bit", (image) => image.toColourspace("rgb16").png()],
  ["palette", (image) => image.png({ palette: true })],
])("a %s picture is seen in red, green and blue, at the model's size", async (_, change) => {
  const model = await loadVisionModel(source);

  const seen = await model.picture(await picture(change));

  expect(seen.shape).toEqual([3, 8, 8]);
  expect(seen.data.every(Number.isFinite)).toBe(true);
});

test("a picture that cannot be read is refused by its name, and one that is too small for a patch too", async () => {
  const model = await loadVisionModel(source);
  const whole = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#000" } })
    .jpeg()
    .toBuffer();
  const unresized = new (model.constructor as never as new (parts: object) => typeof model)({
    ...model,
    pictures: { ...model.pictures, resize: null },
  });
  const small = await picture((image) => image.resize(3, 3).png());

  await expect(model.picture(whole.subarray(0, 200), "cut.jpg")).rejects.toThrow("Expected a picture in cut.jpg");
  await expect(unresized.picture(small, "small.png")).rejects.toThrow(
    "at least one patch of 4 × 4 pixels, got 3 × 3 in small.png",
  );
});

test("pixelsOf() lets white show through, and keeps pixels that are there already", async () => {
  const glass = await sharp({ create: { width: 2, height: 1, channels: 4, background: "#ff000000" } })
    .png()
    .toBuffer();
  const ready = { data: new Uint8Array(3), width: 1, height: 1 };

  expect([...(await pixelsOf(glass)).data]).toEqual([255, 255, 255, 255, 255, 255]);
  expect(await pixelsOf(ready)).toBe(ready);
});

test("batchOf() puts pictures of one size together, and no others", async () => {
  const [one, other] = [tensor([3, 8, 8], new Float32Array(192)), tensor([3, 8, 12], new Float32Array(288))];

  expect(batchOf([one, one]).shape).toEqual([2, 3, 8, 8]);
  expect(() => batchOf([one, other])).toThrow("Expected one size in a batch");
  expect(() => batchOf([])).toThrow("Expected at least one");
});

test("observe() refuses no pictures, and batches of none", async () => {
  const model = await loadVisionModel(source);
  const one = tensor([1, 3, 8, 8], new Float32Array(192));

  await expect(observe(model, tensor([0, 3, 8, 8], []))).rejects.toThrow(
    "with a picture and a patch of 4 × 4 at least",
  );
  await expect(observe(model, one, { batchSize: 0 })).rejects.toThrow("observe: Expected a whole batchSize above zero");
});

test("observe() sees the same in a batch and alone", async () => {
  const model = await loadVisionModel(source);
  const pixels = tensor(
    [3, 3, 12, 8],
    Float32Array.from({ length: 864 }, (_, at) => Math.cos(at)),
  );

  const [together, apart] = [await observe(model, pixels), await observe(model, pixels, { batchSize: 1 })];

  expect(apart.attention.shape).toEqual([3, 7]);
  for (const [at, value] of together.tokens.data.entries())
    expect(Number(apart.tokens.data[at])).toBeCloseTo(Number(value), 5);
});
