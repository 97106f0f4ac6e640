import { type MosaicIndex, sampleMosaics } from "./mosaics.ts";
import { NeedleDraw, type NeedleOptions, type Split } from "./needles.ts";
import { type Place, type Position, writeTruth } from "./truth.ts";

/** One question of the benchmark without its pixels. */
export interface Haystack {
  /** Counted over all splits of its configuration, as in the official annotations. */
  readonly id: number;
  readonly split: Split;
  /** The mosaics to show, in order, as numbers in the index. */
  readonly mosaics: readonly number[];
  /** Where each needle lies; null for an absent one. */
  readonly places: readonly Place[];
  /** The file name of each needle's source picture, whose caption is asked for. */
  readonly targets: readonly string[];
  /** As the official response files write it. */
  readonly truth: string;
}

/** All samples of one configuration; each is made when it is asked for. */
export interface Haystacks extends Iterable<Haystack> {
  /** M */
  readonly pictures: number;
  /** K */
  readonly needles: number;
  readonly mosaics: MosaicIndex;
  readonly length: number;
  /** How many draws the duplicate guard refused. */
  readonly redrawn: number;
  at(id: number): Haystack;
}

/** A whole configuration: the mosaics and the needles in them. */
export interface HaystackOptions extends Partial<NeedleOptions> {
  /** File names of the source pictures. */
  readonly sources: readonly string[];
  readonly pictures: number;
  /** N, the cells along each side of a mosaic. */
  readonly side: number;
  readonly needles: number;
  /** How many mosaics to draw from; as many as there are samples unless stated. */
  readonly mosaics?: number;
}

/**
 * Builds one configuration (M, N, K) from a list of source pictures: 5,000 positives and 5,000 negatives by default.
 *
 * @example buildHaystacks({ sources: files, pictures: 10, side: 4, needles: 1, positives: 100, negatives: 100 }).at(0)
 * @throws UsageError TOO_FEW_PICTURES, TOO_MANY_NEEDLES
 */
export function buildHaystacks(options: HaystackOptions): Haystacks {
  const { sources, side, seed = 0, positives = 5000, negatives = 5000, mixed = 0 } = options;
  const samples = positives + negatives + mixed;
  const count = options.mosaics ?? (side === 1 ? Math.min(samples, sources.length) : samples);
  return placeNeedles(sampleMosaics({ sources, side, count, seed }), { ...options, positives, negatives });
}

/**
 * Draws the haystacks and needles of one configuration as the official code does, CPython's generator included.
 *
 * Source   Wang et al. 2025, MMNeedle, §3.2
 *
 * @throws UsageError TOO_MANY_NEEDLES, TOO_FEW_PICTURES
 */
export function placeNeedles(mosaics: MosaicIndex, options: NeedleOptions): Haystacks {
  const { pictures, needles, positives, negatives, mixed = 0 } = options;
  const length = positives + negatives + mixed;
  const draw = new NeedleDraw(mosaics, options);
  const drawn: DrawnHaystacks = {
    mosaics,
    shown: new Uint32Array(length * pictures),
    cells: new Int32Array(length * needles),
    sources: new Uint32Array(length * needles),
    options,
  };
  for (let id = 0; id < length; id++) {
    const shown = draw.drawMosaics(id);
    const placed = draw.drawNeedles(shown, splitOf(options, id));
    drawn.shown.set(shown, id * pictures);
    drawn.cells.set(
      placed.map(({ cell }) => cell),
      id * needles,
    );
    drawn.sources.set(
      placed.map(({ source }) => source),
      id * needles,
    );
  }
  const at = (id: number): Haystack => readHaystack(drawn, id);
  return { pictures, needles, mosaics, length, redrawn: draw.redrawn, at, [Symbol.iterator]: () => each(length, at) };
}

/** A configuration as numbers: a sample takes 4·(M + 2K) bytes. */
interface DrawnHaystacks {
  readonly mosaics: MosaicIndex;
  /** Shapes [samples · M]. */
  readonly shown: Uint32Array;
  /** -1 for an absent needle. Shapes [samples · K]. */
  readonly cells: Int32Array;
  /** Shapes [samples · K]. */
  readonly sources: Uint32Array;
  readonly options: NeedleOptions;
}

function readHaystack({ mosaics, shown, cells, sources, options }: DrawnHaystacks, id: number): Haystack {
  const { pictures, needles } = options;
  const itsCells = cells.subarray(id * needles, (id + 1) * needles);
  const places = Array.from(itsCells, (cell) => (cell < 0 ? null : placeOf(cell, mosaics.side)));
  return {
    id,
    split: splitOf(options, id),
    mosaics: [...shown.subarray(id * pictures, (id + 1) * pictures)],
    places,
    targets: Array.from(sources.subarray(id * needles, (id + 1) * needles), (source) => mosaics.sources[source]!),
    truth: writeTruth(places),
  };
}

/** Where the cell numbered `cell` among M·N² lies, counted from 1. */
export function placeOf(cell: number, side: number): Position {
  const inPicture = cell % side ** 2;
  return {
    picture: Math.floor(cell / side ** 2) + 1,
    row: Math.floor(inPicture / side) + 1,
    column: (inPicture % side) + 1,
  };
}

function splitOf({ positives, negatives }: NeedleOptions, id: number): Split {
  if (id < positives) return "positive";
  return id < positives + negatives ? "negative" : "mixed";
}

function* each(length: number, at: (id: number) => Haystack): Generator<Haystack> {
  for (let id = 0; id < length; id++) yield at(id);
}
