import { AssayError } from "#base";
import type { MosaicChoices } from "./choices.ts";
import { encode } from "./encode.ts";
import { openPhoto, type Photo, type Pixels, readPhoto, rescue, toRgb } from "./photo.ts";
import { pillowBicubic } from "./resample.ts";

/** libuv has four threads to decode with; more photos in flight would only hold memory. */
const photosInFlight = 4;

/**
 * Stitches N × N photos into one picture, row by row from the top left, each stretched to a square cell.
 *
 * Source   Wang et al. 2025, MMNeedle, §3.1; sample_stitched_images.py
 *
 * @example await mosaic(["a.jpg", "b.jpg", "c.jpg", "d.jpg"], mosaicChoices(2))
 * @throws AssayError MOSAIC_CELLS unless there is a photo for each cell, PICTURE_UNREADABLE
 */
export async function mosaic(cells: readonly Photo[], choices: MosaicChoices): Promise<Uint8Array> {
  const { side, cellSize, encoder } = choices;
  if (cells.length !== side * side) {
    throw new AssayError(
      "MOSAIC_CELLS",
      `mosaic: Expected ${side * side} photos for ${side}*${side}, got ${cells.length}`,
    );
  }
  const edge = side * cellSize;
  const data = new Uint8Array(edge * edge * 3);
  const queue = cells.entries();
  const stitchRest = async () => {
    for (const [at, photo] of queue) paste(data, await cellOf(photo, choices, at), { side, at });
  };
  await Promise.all(Array.from({ length: photosInFlight }, stitchRest));
  return encode({ data, width: edge, height: edge }, encoder);
}

/** A photo as a cell: `cellSize` pixels square, whatever its proportions were. */
async function cellOf(photo: Photo, choices: MosaicChoices, at: number): Promise<Pixels> {
  const { side, cellSize, kernel, background } = choices;
  const name = typeof photo === "string" ? photo : `row ${Math.floor(at / side) + 1}, column ${(at % side) + 1}`;
  if (kernel === "pillow-bicubic") return pillowBicubic(await readPhoto(photo, { name, background }), cellSize);
  const data = await rescue(photo, name, () => {
    const stretched = openPhoto(photo).resize(cellSize, cellSize, { fit: "fill", kernel, fastShrinkOnLoad: false });
    return toRgb(stretched, background).raw().toBuffer();
  });
  return { data, width: cellSize, height: cellSize };
}

function paste(canvas: Uint8Array, { data, width, height }: Pixels, { side, at }: { side: number; at: number }): void {
  const [rowBytes, stride] = [width * 3, side * width * 3];
  const corner = Math.floor(at / side) * height * stride + (at % side) * rowBytes;
  for (let y = 0; y < height; y++) canvas.set(data.subarray(y * rowBytes, (y + 1) * rowBytes), corner + y * stride);
}
