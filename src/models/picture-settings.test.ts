import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pictureTensor, preparedSize, readPhoto } from "#formats";
import { readPictureSettings, writePictureSettings } from "./picture-settings.ts";

interface Golden {
  readonly pictures: Record<string, string>;
  readonly processors: Record<string, object>;
  readonly cases: { processor: string; picture: string; shape: number[]; sha256: string }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../test/golden/models/pictures.golden.json", import.meta.url), "utf8"),
);
const known = { modelType: "vit", imageSize: [224, 224] } as const;

test.each(golden.cases)(
  "pictureTensor() makes of $picture what the reference's $processor makes, to the bit",
  async ({ processor, picture, shape, sha256 }) => {
    const { settings, unknownKeys } = readPictureSettings(golden.processors[processor] as never, known);
    const pixels = await readPhoto(Buffer.from(golden.pictures[picture]!, "base64"), { background: "#ffffff" });

    const made = pictureTensor(pixels, settings);

    expect(made.shape).toEqual(shape);
    expect(createHash("sha256").update(new Uint8Array(made.data.buffer)).digest("hex")).toBe(sha256);
    expect(preparedSize(pixels, settings)).toEqual({ height: shape[1], width: shape[2] });
    expect(unknownKeys).toEqual([]);
  },
);

test("readPictureSettings() reads the files of transformers 4, where one number is a square or the shorter edge", () => {
  const vit = readPictureSettings({ feature_extractor_type: "ViTFeatureExtractor", size: 224, resample: 2 }, known);
  const clip = readPictureSettings(
    { feature_extractor_type: "CLIPFeatureExtractor", size: 224, crop_size: 224, image_mean: [0.4, 0.5, 0.6] },
    { ...known, modelType: "clip" },
  );

  expect(vit.settings).toEqual({
    resize: { size: { height: 224, width: 224 }, filter: "bilinear" },
    crop: null,
    rescale: 1 / 255,
    normalize: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  });
  expect(clip.settings).toMatchObject({
    resize: { size: { shortestEdge: 224 }, filter: "bicubic" },
    crop: { height: 224, width: 224 },
    normalize: { mean: [0.4, 0.5, 0.6], deviation: [0.26862954, 0.26130258, 0.27577711] },
  });
});

test("readPictureSettings() of nothing is the model's own processor at the model's own size", () => {
  const { settings } = readPictureSettings({}, { modelType: "deit", imageSize: [384, 384] });

  expect(settings).toMatchObject({
    resize: { size: { height: 384, width: 384 }, filter: "bicubic" },
    crop: { height: 384, width: 384 },
  });
});

test.each([
  [{ resample: 9 }, 'for "resample", got 9'],
  [{ do_pad: true }, 'for "do_pad", got true'],
  [{ size: { shortest_edge: 3, longest_edge: 5 } }, 'for "size.longest_edge", got 5'],
  [{ size: { height: 0, width: 4 } }, 'for "size.height", got 0'],
  [{ image_mean: [0.5, 0.5] }, 'Expected one number or three for "image_mean", got 2'],
  [{ image_mean: "grey" }, 'Expected a list of numbers for "image_mean", got "grey" in preprocessor_config.json'],
])("readPictureSettings() refuses %o by name", (json, message) => {
  expect(() => readPictureSettings(json, known)).toThrow(message);
});

test("readPictureSettings() names the keys that nobody knows", () => {
  expect(readPictureSettings({ do_sharpen: true }, known).unknownKeys).toEqual(["do_sharpen"]);
});

test("writePictureSettings() writes what readPictureSettings() reads", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-pictures-"));
  const { settings } = readPictureSettings(golden.processors.clip as never, known);

  writePictureSettings(folder, settings, "CLIP");

  const written = JSON.parse(readFileSync(join(folder, "preprocessor_config.json"), "utf8"));
  rmSync(folder, { recursive: true });
  expect(readPictureSettings(written, known).settings).toEqual(settings);
});
