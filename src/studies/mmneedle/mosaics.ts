import { PythonRandom, UsageError } from "#base";

/** Which source picture lies in which cell of which mosaic; numbers only, no pixels. */
export interface MosaicIndex {
  /** N, the cells along each side. */
  readonly side: number;
  /** How many mosaics there are. */
  readonly count: number;
  /** File names of the source pictures; a cell holds a place in this list. */
  readonly sources: readonly string[];
  /** Row by row, mosaic by mosaic. Shapes [count · N · N]. */
  readonly cells: Uint32Array;
  /** File names of the mosaics, where they came with names. */
  readonly names?: readonly string[];
}

/** How to fill mosaics. */
export interface MosaicOptions {
  /** File names of the source pictures; their order on disk does not matter. */
  readonly sources: readonly string[];
  readonly side: number;
  readonly count: number;
  readonly seed: number;
}

/**
 * Fills mosaics with source pictures as the official code does, from a sorted list instead of a directory's order.
 *
 * For N = 1 all pictures come from one draw, so none appears twice; for larger N every mosaic is a draw of its own, so a
 * picture may appear in many mosaics but never twice in one.
 *
 * Deviation: the sources are sorted; the official lists came in an order that only the authors' disk knew.
 *
 * Source   Wang et al. 2025, MMNeedle, §3.3 step 1; sample_images.py and sample_stitched_images.py at commit debcaae
 *
 * @throws UsageError TOO_FEW_PICTURES
 */
export function sampleMosaics({ sources, side, count, seed }: MosaicOptions): MosaicIndex {
  const sorted = [...sources].sort();
  const cellsEach = side * side;
  const wanted = side === 1 ? count : cellsEach;
  if (sorted.length < wanted) {
    throw new UsageError(
      "TOO_FEW_PICTURES",
      `mmneedle: Expected at least ${wanted} source pictures for ${count} mosaics of ${side}*${side}, got ${sorted.length}; add pictures or lower side or limit`,
    );
  }
  const random = new PythonRandom(seed);
  const cells = new Uint32Array(count * cellsEach);
  if (side === 1) cells.set(random.sampleRange(sorted.length, count));
  else
    for (let mosaic = 0; mosaic < count; mosaic++)
      cells.set(random.sampleRange(sorted.length, cellsEach), mosaic * cellsEach);
  return { side, count, sources: sorted, cells };
}

/** The sources in one mosaic, row by row, as places in `sources`. */
export function cellsOf({ side, cells }: MosaicIndex, mosaic: number): Uint32Array {
  return cells.subarray(mosaic * side * side, (mosaic + 1) * side * side);
}
