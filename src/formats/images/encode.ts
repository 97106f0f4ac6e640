import sharp, { type Sharp } from "sharp";
import type { PictureEncoder } from "./choices.ts";
import { openPhoto, type Photo, type Pixels, rescue } from "./photo.ts";

/** A picture file of the pixels. With Pillow's settings and pixels it is Pillow's file, byte for byte. */
export function encode({ data, width, height }: Pixels, encoder: PictureEncoder): Promise<Uint8Array> {
  return finish(sharp(data, { raw: { width, height, channels: 3 } }), encoder);
}

/**
 * A photo saved again in its own size, grey staying grey and without its metadata, as MMNeedle makes its 1 × 1 mosaics.
 *
 * Source   MMNeedle, sample_images.py
 *
 * @throws AssayError PICTURE_UNREADABLE
 */
export function saveAgain(photo: Photo, encoder: PictureEncoder): Promise<Uint8Array> {
  return rescue(photo, undefined, async () => {
    const { space } = await openPhoto(photo).metadata();
    const target = space === "b-w" || space === "grey16" ? "b-w" : "srgb";
    return finish(openPhoto(photo).flatten({ background: "#000000" }).toColourspace(target), encoder);
  });
}

/** Ends a pipeline as a file. */
export async function finish(pipeline: Sharp, encoder: PictureEncoder): Promise<Uint8Array> {
  if (encoder.format === "png") return pipeline.png().toBuffer();
  const { quality, chromaSubsampling } = encoder;
  return withJfif(await pipeline.jpeg({ quality, chromaSubsampling, optimiseCoding: false }).toBuffer());
}

/** JFIF 1.01, no density, no thumbnail. */
const jfif = Uint8Array.from([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);

/** libvips leaves the JFIF segment out together with the metadata; readers do not miss it, a byte comparison does. */
function withJfif(jpeg: Uint8Array): Uint8Array {
  return Buffer.concat([jpeg.subarray(0, 2), jfif, jpeg.subarray(2)]);
}
