import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sha256 } from "#base";
import { pillowBicubic } from "./resample.ts";

const golden: { resized: { width: number; height: number; size: number; sha256: string }[] } = JSON.parse(
  readFileSync(new URL("../../../test/golden/formats/mosaic.golden.json", import.meta.url), "utf8"),
);

/** The generator's formula. */
const pattern = (width: number, height: number): Uint8Array =>
  Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [c, x, y] = [at % 3, Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return (x + y) % 5 ? (x * x + 3 * y * y + 61 * x * c + 7 * x * y) % 256 : 255 * ((Math.floor(x / 8) + c) % 2);
  });

test.each(golden.resized)("pillowBicubic() makes of $width × $height Pillow's $size × $size", (expected) => {
  const { width, height, size } = expected;

  const resized = pillowBicubic({ data: pattern(width, height), width, height }, size);

  expect(sha256(resized.data)).toBe(expected.sha256);
});

test("pillowBicubic() gives the same pixels after a photo too large for the memory it keeps", () => {
  const small = { data: pattern(61, 24), width: 61, height: 24 };
  const before = pillowBicubic(small, 24).data;

  const large = pillowBicubic({ data: new Uint8Array(5000 * 5000 * 3).fill(77), width: 5000, height: 5000 }, 2);

  expect([...large.data]).toEqual(Array(12).fill(77));
  expect(pillowBicubic(small, 24).data).toEqual(before);
});
