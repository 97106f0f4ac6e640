import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readPackedPixels } from "./packed-pixels.ts";
import { type PictureSettings, pictureTensor, preparedPixels } from "./picture-tensor.ts";
import { pillowBicubic, pillowResize } from "./resample.ts";

const ramp = (width: number, height: number) => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 37) % 256),
  width,
  height,
});

test("pillowResize() into a square with the bicubic kernel is pillowBicubic()", () => {
  const photo = ramp(31, 17);

  expect(pillowResize(photo, { width: 12, height: 12, filter: "bicubic" })).toEqual(pillowBicubic(photo, 12));
});

test.each(["box", "bilinear", "hamming", "bicubic", "lanczos"] as const)(
  "pillowResize() with the %s kernel keeps what is even, and the size that is asked for",
  (filter) => {
    const grey = { data: new Uint8Array(9 * 14 * 3).fill(93), width: 9, height: 14 };

    const { data, width, height } = pillowResize(grey, { width: 20, height: 5, filter });

    expect([width, height]).toEqual([20, 5]);
    expect([...new Set(data)]).toEqual([93]);
  },
);

test("preparedPixels() is in 8 bits what pictureTensor() gives normalised, and puts black around what is too small", () => {
  const settings: PictureSettings = {
    resize: null,
    crop: { height: 4, width: 6 },
    rescale: 1 / 255,
    normalize: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  };
  const photo = ramp(3, 8);

  const pixels = preparedPixels(photo, settings);
  const { data, shape } = pictureTensor(photo, settings);

  expect(shape).toEqual([3, 4, 6]);
  expect([...pixels.data.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
  expect([...pixels.data.subarray(6, 9)]).toEqual([...photo.data.subarray(2 * 9, 2 * 9 + 3)]);
  for (const [at, value] of data.entries()) {
    const [channel, place] = [Math.floor(at / 24), at % 24];
    expect(value).toBeCloseTo(pixels.data[place * 3 + channel]! / 127.5 - 1, 5);
  }
});

test("readPackedPixels() cuts one file into its pictures", () => {
  const home = mkdtempSync(join(tmpdir(), "assay-packed-"));
  const file = join(home, "two.gz");
  writeFileSync(file, gzipSync(ramp(4, 2).data));

  const found = readPackedPixels(file, { width: 2, height: 2 });

  rmSync(home, { recursive: true });
  expect(found.map(({ data }) => data[0])).toEqual([0, (12 * 37) % 256]);
});
