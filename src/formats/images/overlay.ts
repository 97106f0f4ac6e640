import { AssayError } from "#base";
import type { Pixels } from "./photo.ts";

/** What is laid over a patch. */
export interface PatchTint {
  readonly color: readonly [red: number, green: number, blue: number];
  /** 0 leaves the patch as it is, 1 hides it. */
  readonly strength: number;
}

/** Colours that people with any colour vision tell apart, in the order of the report's. Source   Okabe and Ito 2008, Color Universal Design */
export const overlayColors: readonly PatchTint["color"][] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
  [138, 143, 152],
];

/** Small pictures are blown up by whole numbers until their longer edge has about so many pixels. */
const wantedEdge = 384;

/**
 * A picture with a colour over each of its patches, blown up where it is small.
 *
 * @param tints rows of patches from the top, as many as the grid has
 * @throws AssayError SHAPE_MISMATCH
 */
export function tintPatches(
  pixels: Pixels,
  { grid, tints }: { readonly grid: readonly [down: number, across: number]; readonly tints: readonly PatchTint[] },
): Pixels {
  const [down, across] = grid;
  if (tints.length !== down * across) {
    const claim = `Expected ${down * across} tints for ${down} × ${across} patches, got ${tints.length}`;
    throw new AssayError("SHAPE_MISMATCH", `tintPatches: ${claim}`);
  }
  const times = Math.max(1, Math.floor(wantedEdge / Math.max(pixels.width, pixels.height)));
  const [width, height] = [pixels.width * times, pixels.height * times];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const patch = Math.floor((y * down) / height) * across + Math.floor((x * across) / width);
      const from = (Math.floor(y / times) * pixels.width + Math.floor(x / times)) * 3;
      blend(data, (y * width + x) * 3, { source: pixels.data, from, tint: tints[patch]! });
    }
  }
  return { data, width, height };
}

interface Blending {
  readonly source: Uint8Array;
  readonly from: number;
  readonly tint: PatchTint;
}

function blend(target: Uint8Array, at: number, { source, from, tint: { color, strength } }: Blending): void {
  for (let channel = 0; channel < 3; channel++) {
    target[at + channel] = Math.round((1 - strength) * source[from + channel]! + strength * color[channel]!);
  }
}

const [forIt, againstIt] = [overlayColors[1]!, overlayColors[0]!];

/** Vermilion for what speaks for something and blue for what speaks against it, the stronger the more; the largest hides three quarters. */
export function heatTints(values: ArrayLike<number>): PatchTint[] {
  const list = Array.from(values);
  const most = list.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  return list.map((value) => ({ color: value < 0 ? againstIt : forIt, strength: (0.75 * Math.abs(value)) / most }));
}
