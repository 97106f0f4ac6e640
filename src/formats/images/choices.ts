import { AssayError, hashOf } from "#base";

/** How pixels become a file. Both write 8-bit RGB; JPEG is baseline, with the standard Huffman tables, as Pillow writes it. */
export type PictureEncoder =
  | { readonly format: "jpeg"; readonly quality: number; readonly chromaSubsampling: "4:2:0" | "4:4:4" }
  | { readonly format: "png" };

/** How a photo becomes a cell: Pillow's bicubic to the bit, or one of libvips's kernels, which are faster. */
export const kernels = ["pillow-bicubic", "cubic", "linear", "mitchell", "lanczos2", "lanczos3", "nearest"] as const;

/** One of `kernels`. */
export type Kernel = (typeof kernels)[number];

/** Everything besides the photos that decides a mosaic's bytes; plain JSON, for a run's identity. */
export type MosaicChoices = {
  /** N of an N × N mosaic. */
  readonly side: number;
  /** Width and height of a cell in pixels; photos are stretched to it. */
  readonly cellSize: number;
  readonly kernel: Kernel;
  /** What shows through transparent pixels, as `#rrggbb`. */
  readonly background: string;
  readonly encoder: PictureEncoder;
};

/**
 * The choices of the official scripts (Pillow's defaults on 256-pixel cells), with the given ones over them.
 *
 * Source   MMNeedle, sample_stitched_images.py
 *
 * @throws AssayError MOSAIC_CHOICES
 */
export function mosaicChoices(side: number, changes: Partial<Omit<MosaicChoices, "side">> = {}): MosaicChoices {
  const choices: MosaicChoices = {
    side,
    cellSize: 256,
    kernel: "pillow-bicubic",
    background: "#000000",
    encoder: { format: "jpeg", quality: 75, chromaSubsampling: "4:2:0" },
    ...changes,
  };
  const wrong = faultOf(choices);
  if (wrong !== undefined) throw new AssayError("MOSAIC_CHOICES", `mosaic: Expected ${wrong}`);
  return choices;
}

/** A JPEG counts its pixels in 16 bits. */
const longestEdge = 65_535;

function faultOf({ side, cellSize, kernel, background, encoder }: MosaicChoices): string | undefined {
  if (!isCount(side)) return `a side of 1, 2, 3 … cells, got ${side}`;
  if (!isCount(cellSize)) return `a cell size of 1, 2, 3 … pixels, got ${cellSize}`;
  if (side * cellSize > longestEdge) return `at most ${longestEdge} pixels a side, got ${side} × ${cellSize}`;
  if (!kernels.includes(kernel)) return `a kernel of ${kernels.join(", ")}, got "${kernel}"`;
  if (!/^#[0-9a-f]{6}$/i.test(background)) return `a background like #000000, got "${background}"`;
  if (encoder.format === "png") return undefined;
  const { quality } = encoder;
  return isCount(quality) && quality <= 100 ? undefined : `a JPEG quality of 1 to 100, got ${quality}`;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

/**
 * The hash of everything that decides a mosaic, known without rendering it.
 *
 * @param sources one name a cell that changes when the photo does: a content hash, or a name in a frozen collection
 */
export function pictureKey(sources: readonly string[], choices: MosaicChoices): string {
  return hashOf({ picture: "mosaic", sources, choices });
}
