import sharp from "sharp";
import { expect, test } from "vitest";
import { thumbnail } from "./thumbnail.ts";

const grey = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "#777777" } })
    .png()
    .toBuffer();

test("thumbnail() fits into its edge and keeps the proportions", async () => {
  const small = await thumbnail(await grey(400, 200), 100);

  expect(await sharp(small).metadata()).toMatchObject({ width: 100, height: 50, format: "jpeg" });
});

test("thumbnail() enlarges nothing", async () => {
  expect(await sharp(await thumbnail(await grey(40, 20), 100)).metadata()).toMatchObject({ width: 40, height: 20 });
});
