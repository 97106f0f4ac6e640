import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { sha256 } from "#base";
import { type MosaicChoices, mosaicChoices, pictureKey } from "./choices.ts";
import { saveAgain } from "./encode.ts";
import { mosaic } from "./mosaic.ts";

const golden: {
  mosaic: { cellSize: number; sources: string[]; jpeg: string; sha256: string };
  savedAgain: { source: string; jpeg: string }[];
} = JSON.parse(readFileSync(new URL("../../../test/golden/formats/mosaic.golden.json", import.meta.url), "utf8"));
const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, "base64");
const { cellSize, sources } = golden.mosaic;
const photos = sources.map(bytesOf);
const png = { format: "png" } as const;
const jpeg = mosaicChoices(1).encoder;

const pixelsOf = (picture: Uint8Array | string): Promise<Buffer> => sharp(picture).raw().toBuffer();
const solid = (background: string | { r: number; g: number; b: number; alpha: number }): Promise<Buffer> =>
  sharp({ create: { width: 8, height: 8, channels: typeof background === "string" ? 3 : 4, background } })
    .png()
    .toBuffer();

test("mosaic() writes the file that Pillow writes, byte for byte, whatever EXIF says of the photo's orientation", async () => {
  const stitched = await mosaic(photos, mosaicChoices(2, { cellSize }));

  expect(Buffer.from(stitched).toString("base64")).toBe(golden.mosaic.jpeg);
});

test("mosaic() as PNG holds Pillow's pixels", async () => {
  const stitched = await mosaic(photos, mosaicChoices(2, { cellSize, encoder: png }));

  expect(sha256(await pixelsOf(stitched))).toBe(golden.mosaic.sha256);
});

test.each(golden.savedAgain)(
  "saveAgain() writes the file that Pillow writes, case %#",
  async ({ source, jpeg: expected }) => {
    const saved = await saveAgain(bytesOf(source), jpeg);

    expect(Buffer.from(saved).toString("base64")).toBe(expected);
  },
);

test("mosaic() fills its cells row by row from the top left, however fast each photo is decoded", async () => {
  const slow = await sharp(photos[0]!).resize(3000, 2000).png().toBuffer();
  const colors = ["#ff0000", "#00ff00", "#0000ff"];

  const stitched = await mosaic(
    [slow, ...(await Promise.all(colors.map(solid)))],
    mosaicChoices(2, { cellSize: 2, encoder: png }),
  );

  const pixels = await pixelsOf(stitched);
  const pixelAt = (x: number, y: number) => [...pixels.subarray((y * 4 + x) * 3, (y * 4 + x) * 3 + 3)];
  expect([pixelAt(2, 0), pixelAt(0, 2), pixelAt(3, 3)]).toEqual([
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
  ]);
});

test("mosaic() shows its background through transparent pixels", async () => {
  const glass = await solid({ r: 255, g: 0, b: 0, alpha: 0 });

  const stitched = await mosaic([glass], mosaicChoices(1, { cellSize: 4, background: "#102030", encoder: png }));

  expect([...(await pixelsOf(stitched)).subarray(0, 3)]).toEqual([0x10, 0x20, 0x30]);
});

test.each([
  ["16-bit grey", (photo: Sharp) => photo.toColourspace("grey16").png()],
  ["palette", (photo: Sharp) => photo.png({ palette: true, colours: 256, dither: 0 })],
  ["CMYK", (photo: Sharp) => photo.toColourspace("cmyk").jpeg({ quality: 100 })],
  ["WebP", (photo: Sharp) => photo.webp({ lossless: true })],
])("mosaic() takes a %s photo as RGB", async (_, convert) => {
  const photo = await convert(sharp(await solid("#808080"))).toBuffer();

  const stitched = await mosaic([photo], mosaicChoices(1, { cellSize: 4, encoder: png }));

  const pixels = await pixelsOf(stitched);
  expect(pixels.length).toBe(4 * 4 * 3);
  for (const value of pixels) expect(Math.abs(value - 0x80)).toBeLessThanOrEqual(14); // CMYK has no exact grey
});

test("mosaic() does not apply a photo's colour profile, as Pillow does not", async () => {
  const photo = await sharp(await solid("#40a060"))
    .withIccProfile("p3")
    .png()
    .toBuffer();

  const stitched = await mosaic([photo], mosaicChoices(1, { cellSize: 2, encoder: png }));

  const stored = await sharp(photo, { ignoreIcc: true }).raw().toBuffer();
  expect([...(await pixelsOf(stitched)).subarray(0, 3)]).toEqual([...stored.subarray(0, 3)]);
});

test("mosaic() asks for a photo for every cell", async () => {
  await expect(mosaic(photos.slice(1), mosaicChoices(2))).rejects.toThrow("Expected 4 photos for 2*2, got 3");
});

test.each([
  ["0 bytes", () => new Uint8Array(0), "0 bytes"],
  ["text", () => Buffer.from("file,caption\n"), "no JPEG"],
  ["half a photo", () => photos[0]!.subarray(0, photos[0]!.length / 2), "truncated"],
  ["a PNG cut short", () => photos[3]!.subarray(0, 900), ""],
  ["a picture of 400 million pixels", () => Buffer.from(bigSvg), "pixels"],
])("mosaic() names the cell that holds %s", async (_, photo, got) => {
  const failed = mosaic([photos[0]!, photo(), photos[1]!, photos[2]!], mosaicChoices(2, { cellSize }));

  await expect(failed).rejects.toMatchObject({ code: "PICTURE_UNREADABLE", details: { file: "row 1, column 2" } });
  await expect(failed).rejects.toThrow(got);
});
const bigSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="20000"><rect width="9" height="9"/></svg>';

test("mosaic() names the file that is missing", async () => {
  await expect(mosaic(["photos/none.jpg"], mosaicChoices(1))).rejects.toThrow(
    "images: Expected a picture in photos/none.jpg, got no file; check the path",
  );
});

test.each<[string, Partial<MosaicChoices>]>([
  ["side of 1, 2, 3", { side: 0 }],
  ["cell size", { cellSize: 2.5 }],
  ["at most 65535 pixels", { side: 300 }],
  ["kernel of", { kernel: "bicubic" as "cubic" }],
  ["background like", { background: "black" }],
  ["JPEG quality", { encoder: { format: "jpeg", quality: 0, chromaSubsampling: "4:2:0" } }],
])("mosaicChoices() asks for a %s", (wanted, { side = 2, ...changes }) => {
  expect(() => mosaicChoices(side, changes)).toThrow(wanted);
});

test("pictureKey() is equal for equal mosaics and differs with every choice and every source", () => {
  const base = mosaicChoices(2);
  const others = [
    pictureKey(["a", "b", "c", "e"], base),
    pictureKey(["b", "a", "c", "d"], base),
    pictureKey(["a", "b", "c", "d"], mosaicChoices(2, { cellSize: 255 })),
    pictureKey(["a", "b", "c", "d"], mosaicChoices(2, { kernel: "cubic" })),
    pictureKey(["a", "b", "c", "d"], mosaicChoices(2, { background: "#000001" })),
    pictureKey(["a", "b", "c", "d"], mosaicChoices(2, { encoder: png })),
    pictureKey(
      ["a", "b", "c", "d"],
      mosaicChoices(2, { encoder: { ...jpeg, quality: 76 } as MosaicChoices["encoder"] }),
    ),
  ];

  const key = pictureKey(["a", "b", "c", "d"], base);

  expect(pictureKey(["a", "b", "c", "d"], mosaicChoices(2))).toBe(key);
  expect(new Set([key, ...others]).size).toBe(8);
});

const reference = join(process.env.ASSAY_SHARED ?? "../shared", "data/mmneedle/stitch_reference");

describe.skipIf(!existsSync(reference))("with Pillow's stitch in ASSAY_SHARED", () => {
  const files = ["source_0_640x480.png", "source_1_427x640.png", "source_2_300x200_gray.png", "source_3_256x256.png"];
  const paths = files.map((file) => join(reference, file));

  test("mosaic() writes Pillow's JPEG byte for byte", async () => {
    const stitched = await mosaic(paths, mosaicChoices(2));

    expect(Buffer.compare(stitched, readFileSync(join(reference, "stitched_2x2_pillow_default.jpg")))).toBe(0);
  });

  // Mean and maximum absolute difference of 8-bit channels, over the whole 2 × 2 mosaic.
  test.each([
    ["pillow-bicubic", 0, 0],
    ["cubic", 0.6, 122],
    ["lanczos2", 0.61, 121],
    ["mitchell", 0.7, 125],
    ["lanczos3", 0.71, 121],
    ["linear", 0.85, 128],
    ["nearest", 1.2, 222],
  ] as const)("the kernel %s differs from Pillow by %f on average and %i at most", async (kernel, mean, most) => {
    const stitched = await pixelsOf(await mosaic(paths, mosaicChoices(2, { kernel, encoder: png })));

    const expected = await pixelsOf(join(reference, "stitched_2x2_pillow_default.png"));
    const differences = expected.map((value, at) => Math.abs(value - stitched[at]!));
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThanOrEqual(mean);
    expect(differences.reduce((a, b) => Math.max(a, b))).toBe(most);
  });
});
