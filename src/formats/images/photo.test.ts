import sharp from "sharp";
import { expect, test } from "vitest";
import { encode } from "./encode.ts";
import { readPhoto } from "./photo.ts";

const pixels = { data: Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]), width: 2, height: 2 };

test("readPhoto() gives back what encode() wrote as PNG", async () => {
  expect(await readPhoto(await encode(pixels, { format: "png" }))).toEqual({
    ...pixels,
    data: Buffer.from(pixels.data),
  });
});

test("encode() writes a JPEG with a JFIF header, as Pillow does", async () => {
  const jpeg = await encode(pixels, { format: "jpeg", quality: 75, chromaSubsampling: "4:2:0" });

  expect([...jpeg.subarray(0, 4)]).toEqual([0xff, 0xd8, 0xff, 0xe0]);
  expect(Buffer.from(jpeg.subarray(6, 10)).toString()).toBe("JFIF");
});

test("readPhoto() spreads grey over three channels and lets a background show through", async () => {
  const grey = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#777" } })
    .greyscale()
    .png()
    .toBuffer();
  const clear = await sharp({ create: { width: 1, height: 1, channels: 4, background: "#ff000000" } })
    .png()
    .toBuffer();

  expect([...(await readPhoto(grey)).data]).toEqual([0x77, 0x77, 0x77]);
  expect([...(await readPhoto(clear, { background: "#102030" })).data]).toEqual([0x10, 0x20, 0x30]);
});

test("readPhoto() names what is no picture", async () => {
  const text = Buffer.from("no picture");

  await expect(readPhoto(text, { name: "cat.jpg" })).rejects.toThrow(
    "Expected a picture in cat.jpg, got something that is no JPEG",
  );
});
