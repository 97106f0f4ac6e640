/** Pictures as a model reads them: resized, cropped, rescaled and normalised as `preprocessor_config.json` says. */
import type { Tensor } from "#base";
import type { Filter } from "./filters.ts";
import type { Pixels } from "./photo.ts";
import { pillowResize } from "./resample.ts";

/** A size to resize to: both edges, or the shorter one with the other in proportion. */
export type TargetSize = { readonly height: number; readonly width: number } | { readonly shortestEdge: number };

/** What is done to a picture before a model sees it. */
export interface PictureSettings {
  /** Null where a picture keeps its size. */
  readonly resize: { readonly size: TargetSize; readonly filter: Filter | "nearest" } | null;
  /** The middle of the resized picture, with black around it where that is smaller. */
  readonly crop: { readonly height: number; readonly width: number } | null;
  /** What 8-bit values are multiplied by; null where they stay. */
  readonly rescale: number | null;
  /** One number for each channel, after rescaling. */
  readonly normalize: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | null;
}

/** The size of a picture once it is resized and cropped, when its own is known. */
export function preparedSize(
  { width, height }: { readonly width: number; readonly height: number },
  { resize, crop }: PictureSettings,
): { readonly height: number; readonly width: number } {
  if (crop !== null) return crop;
  return resize === null ? { height, width } : resizedTo({ width, height }, resize.size);
}

function resizedTo({ width, height }: { readonly width: number; readonly height: number }, size: TargetSize) {
  if (!("shortestEdge" in size)) return size;
  const { shortestEdge: edge } = size;
  const long = Math.trunc((edge * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? { width: edge, height: long } : { width: long, height: edge };
}

/**
 * The pixels as transformers' image processors give them, resized by Pillow: 8 bits after resizing, then single precision.
 *
 *     y = (x · rescale − mean) / deviation
 *
 * Shapes   [height, width, 3] → [3, height', width']
 * Source   transformers 5, image_transforms.py
 */
export function pictureTensor(pixels: Pixels, settings: PictureSettings): Tensor<"float32"> {
  const { width, height, data } = cropped(resized(pixels, settings), settings);
  const area = width * height;
  const values = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    const byValue = channelValues(channel, settings);
    for (let at = 0; at < area; at++) values[channel * area + at] = byValue[data[at * 3 + channel]!]!;
  }
  return { dtype: "float32", shape: [3, height, width], data: values };
}

/** The picture after resizing and cropping, still in 8 bits: what a person sees of what the model sees. */
export const preparedPixels = (pixels: Pixels, settings: PictureSettings): Pixels =>
  cropped(resized(pixels, settings), settings);

/** What each of the 256 values becomes, each operation rounded to single precision. */
function channelValues(channel: number, { rescale, normalize }: PictureSettings): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => {
    const scaled = rescale === null ? value : Math.fround(value * rescale);
    if (normalize === null) return scaled;
    const [mean, deviation] = [normalize.mean[channel]!, normalize.deviation[channel]!];
    return Math.fround(Math.fround(scaled - Math.fround(mean)) / Math.fround(deviation));
  });
}

function resized(pixels: Pixels, { resize }: PictureSettings): Pixels {
  if (resize === null) return pixels;
  const size = resizedTo(pixels, resize.size);
  if (size.width === pixels.width && size.height === pixels.height) return pixels;
  return resize.filter === "nearest" ? nearest(pixels, size) : pillowResize(pixels, { ...size, filter: resize.filter });
}

function nearest({ data, width, height }: Pixels, size: { readonly width: number; readonly height: number }): Pixels {
  const out = new Uint8Array(size.width * size.height * 3);
  const [across, down] = [placesAlong(width, size.width), placesAlong(height, size.height)];
  for (const [y, row] of down.entries()) {
    for (const [x, column] of across.entries()) {
      const from = (row * width + column) * 3;
      out.set(data.subarray(from, from + 3), (y * size.width + x) * 3);
    }
  }
  return { data: out, ...size };
}

/** Which pixel each new one is: step after step in double precision, as Pillow walks, since rounding decides at edges. */
function placesAlong(from: number, to: number): number[] {
  const places: number[] = [];
  for (let place = (from / to) * 0.5; places.length < to; place += from / to) places.push(Math.trunc(place));
  return places;
}

function cropped({ data, width, height }: Pixels, { crop }: PictureSettings): Pixels {
  if (crop === null || (crop.width === width && crop.height === height)) return { data, width, height };
  const [top, left] = [offset(height, crop.height), offset(width, crop.width)];
  const out = new Uint8Array(crop.width * crop.height * 3);
  const [from, to] = [Math.max(0, left), Math.min(width, left + crop.width)];
  for (let y = Math.max(0, top); y < Math.min(height, top + crop.height); y++) {
    const row = data.subarray((y * width + from) * 3, (y * width + to) * 3);
    out.set(row, ((y - top) * crop.width + from - left) * 3);
  }
  return { data: out, width: crop.width, height: crop.height };
}

/** Where the crop begins in the picture; below zero where the picture is smaller. */
const offset = (size: number, crop: number): number => Math.floor((size - crop) / 2);
