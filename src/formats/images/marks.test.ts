import sharp from "sharp";
import { expect, test } from "vitest";
import { drawCells, thumbnail } from "./marks.ts";

const plain = (edge: number): Promise<Buffer> =>
  sharp({ create: { width: edge, height: edge, channels: 3, background: "#777777" } })
    .png()
    .toBuffer();

/** How many pixels of a cell are nearly the wanted colour. */
async function countIn(picture: Uint8Array, cell: { row: number; column: number; size: number }, color: number[]) {
  const area = {
    left: (cell.column - 1) * cell.size,
    top: (cell.row - 1) * cell.size,
    width: cell.size,
    height: cell.size,
  };
  const pixels = await sharp(picture).extract(area).raw().toBuffer();
  const near = (at: number) => color.every((value, c) => Math.abs(pixels[at + c]! - value) < 24);
  return Array.from({ length: area.width * area.height }, (_, at) => at * 3).filter(near).length;
}

const blue = [0x00, 0x72, 0xb2];
const vermilion = [0xd5, 0x5e, 0x00];

test("drawCells() frames the needle solid blue, the answer dashed vermilion, and no other cell", async () => {
  const options = { side: 4, needles: [{ row: 2, column: 3 }], answered: [{ row: 4, column: 1 }] };

  const drawn = await drawCells(await plain(512), options);

  const size = 128;
  const needle = await countIn(drawn, { row: 2, column: 3, size }, blue);
  const answer = await countIn(drawn, { row: 4, column: 1, size }, vermilion);
  expect(needle).toBeGreaterThan(4 * 100 * 4);
  expect(answer).toBeGreaterThan(needle / 3);
  expect(answer).toBeLessThan(needle * 0.8);
  expect(await countIn(drawn, { row: 1, column: 1, size }, [0x77, 0x77, 0x77])).toBe(size * size);
});

test("drawCells() shows both frames where the answer is right", async () => {
  const cell = { row: 1, column: 2 };

  const drawn = await drawCells(await plain(256), { side: 2, needles: [cell], answered: [cell] });

  expect(await countIn(drawn, { ...cell, size: 128 }, blue)).toBeGreaterThan(1000);
  expect(await countIn(drawn, { ...cell, size: 128 }, vermilion)).toBeGreaterThan(500);
});

test("drawCells() leaves answers outside the mosaic out and scales to the wanted edge", async () => {
  const drawn = await drawCells(await plain(512), { side: 2, answered: [{ row: 3, column: 0 }], edge: 64 });

  expect(await sharp(drawn).metadata()).toMatchObject({ width: 64, height: 64, format: "jpeg" });
  expect(await countIn(drawn, { row: 1, column: 1, size: 64 }, [0x77, 0x77, 0x77])).toBe(64 * 64);
});

test("drawCells() says that its mosaic is no picture", async () => {
  await expect(drawCells(Buffer.from("no"), { side: 2 })).rejects.toMatchObject({ code: "PICTURE_UNREADABLE" });
});

test("thumbnail() fits into its edge and keeps the proportions", async () => {
  const wide = await sharp(await plain(400))
    .resize(400, 200, { fit: "fill" })
    .png()
    .toBuffer();

  expect(await sharp(await thumbnail(wide, 100)).metadata()).toMatchObject({ width: 100, height: 50, format: "jpeg" });
});
