import sharp from "sharp";
import { expect, test } from "vitest";
import { renderSvg } from "./render.ts";

const half =
  '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="50" height="100" fill="#ff0000"/></svg>';

test("renderSvg() draws edges of lines at the wanted size, on white", async () => {
  const picture = await renderSvg(half, 640);

  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const row = Array.from({ length: 640 }, (_, x) => [...data.subarray(x * 3, x * 3 + 3)].join());
  expect(info).toMatchObject({ width: 640, height: 640, channels: 3 });
  expect(row).toEqual(Array.from({ length: 640 }, (_, x) => (x < 320 ? "255,0,0" : "255,255,255")));
});

test("renderSvg() writes JPEG when asked", async () => {
  const picture = await renderSvg(half, 32, { format: "jpeg", quality: 90, chromaSubsampling: "4:4:4" });

  expect(await sharp(picture).metadata()).toMatchObject({ format: "jpeg", width: 32, height: 32 });
});
