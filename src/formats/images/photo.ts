import sharp, { type Sharp } from "sharp";
import { AssayError } from "#base";

// Photos are opened once each; libvips's operation cache would only hold memory, and its threads fight over small images.
sharp.cache(false);
sharp.concurrency(1);

/** A picture file: its path, or its bytes. */
export type Photo = string | Uint8Array;

/** Pixels in memory. Shapes   data [height, width, 3], 8-bit RGB */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** What a photo is called in messages, and what shows through its transparent pixels. */
export interface ReadPhotoOptions {
  readonly name?: string;
  readonly background?: string;
}

/** Twice the size at which Pillow warns of a decompression bomb, where it refuses. */
const mostPixels = 178_956_970;

/**
 * Opens a photo as `Image.open` does: as stored, without turning it after its EXIF orientation and without applying its
 * colour profile. Decoding happens later, in `finish`.
 */
export function openPhoto(photo: Photo): Sharp {
  return sharp(photo, { ignoreIcc: true, failOn: "truncated", limitInputPixels: mostPixels, sequentialRead: true });
}

/** The pipeline's end as 8-bit RGB: grey is spread over three channels, CMYK and 16 bits converted, alpha flattened. */
export function toRgb(pipeline: Sharp, background = "#000000"): Sharp {
  return pipeline.flatten({ background }).toColourspace("srgb");
}

/** The pixels of a photo, in its own size. @throws AssayError PICTURE_UNREADABLE */
export async function readPhoto(photo: Photo, options: ReadPhotoOptions = {}): Promise<Pixels> {
  return rescue(photo, options.name, async () => {
    const pipeline = toRgb(openPhoto(photo), options.background).raw();
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  });
}

/** Runs work on a photo and names the photo when it fails. @throws AssayError PICTURE_UNREADABLE */
export async function rescue<T>(photo: Photo, name: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const called = name ?? (typeof photo === "string" ? photo : "the given bytes");
    throw new AssayError("PICTURE_UNREADABLE", `images: Expected a picture in ${called}, got ${faultOf(cause)}`, {
      details: { file: called },
      cause,
    });
  }
}

/** libvips's words → what came and what to do. Photos that are decoded at once may lose each other's words to "unknown error". */
const faults: readonly (readonly [RegExp, string])[] = [
  [/is missing|no such file/i, "no file; check the path, or the folder that the captions point to"],
  [/is empty/i, "0 bytes; fetch the file again"],
  [/exceeds pixel limit/i, `more than ${mostPixels} pixels; scale it down first`],
  [/unsupported image format/i, "something that is no JPEG, PNG, WebP, GIF, TIFF, AVIF or SVG; remove or convert it"],
  [/premature end|truncated|unexpected end|not enough/i, "a truncated file; fetch it again"],
];

function faultOf(cause: unknown): string {
  const words = cause instanceof Error ? cause.message.trim().split("\n").at(-1)! : String(cause);
  return (
    faults.find(([pattern]) => pattern.test(words))?.[1] ?? `a truncated or damaged file (${words}); fetch it again`
  );
}
