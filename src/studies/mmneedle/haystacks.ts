import { type MosaicIndex, sampleMosaics } from "./mosaics.ts";
import { type Needle, NeedleDraw, type NeedleOptions, type Split } from "./needles.ts";
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
  /** How many mosaics to draw from; unless stated as many as there are samples, and no fewer than one sample shows. */
  readonly mosaics?: number;
}

/**
 * Builds one configuration (M, N, K) from a list of source pictures: 5,000 positives and 5,000 negatives by default.
 *
 * @example buildHaystacks({ sources: files, pictures: 10, side: 4, needles: 1, positives: 100, negatives: 100 }).at(0)
 * @throws UsageError TOO_FEW_PICTURES, TOO_FEW_NEEDLES, TOO_MANY_NEEDLES; AssayError NO_UNIQUE_NEEDLE
 */
export function buildHaystacks(options: HaystackOptions): Haystacks {
  const { sources, pictures, side, seed = 0, positives = 5000, negatives = 5000, mixed = 0 } = options;
  const wanted = Math.max(positives + negatives + mixed, pictures);
  const count = options.mosaics ?? (side === 1 ? Math.min(wanted, sources.length) : wanted);
  return placeNeedles(sampleMosaics({ sources, side, count, seed }), { ...options, positives, negatives });
}

/**
 * Draws the haystacks and needles of one configuration as the official code does, CPython's generator included.
 *
 * Source   Wang et al. 2025, MMNeedle, §3.3
 *
 * @throws UsageError TOO_FEW_PICTURES, TOO_FEW_NEEDLES, TOO_MANY_NEEDLES; AssayError NO_UNIQUE_NEEDLE
 */
export function placeNeedles(mosaics: MosaicIndex, options: NeedleOptions): Haystacks {
  const { pictures, needles, positives, negatives, mixed = 0 } = options;
  const length = positives + negatives + mixed;
  const draw = new NeedleDraw(mosaics, options);
  const table = emptyTable({ pictures, needles, mosaics, length });
  for (let id = 0; id < length; id++) {
    const shown = draw.drawMosaics(id);
    const drawn = draw.drawNeedles(shown, plannedSplit(options, id));
    writeHaystack(table, id, { shown, drawn });
  }
  return haystacksOf(table, draw.redrawn);
}

function plannedSplit({ positives, negatives }: NeedleOptions, id: number): Split {
  if (id < positives) return "positive";
  return id < positives + negatives ? "negative" : "mixed";
}

/** A configuration as numbers: a sample takes 4·(M + 2K) bytes. */
export interface HaystackTable {
  readonly pictures: number;
  readonly needles: number;
  readonly mosaics: MosaicIndex;
  readonly length: number;
  /** Numbers of mosaics. Shapes [samples · M]. */
  readonly shown: Uint32Array;
  /** Each needle's cell among the M·N², -1 for an absent one. Shapes [samples · K]. */
  readonly cells: Int32Array;
  /** Each needle's picture as a place in the sources. Shapes [samples · K]. */
  readonly sources: Uint32Array;
}

/** A table to be filled sample by sample. */
export function emptyTable(shape: Pick<HaystackTable, "pictures" | "needles" | "mosaics" | "length">): HaystackTable {
  return {
    ...shape,
    shown: new Uint32Array(shape.length * shape.pictures),
    cells: new Int32Array(shape.length * shape.needles),
    sources: new Uint32Array(shape.length * shape.needles),
  };
}

/** Fills one row of a table. */
export function writeHaystack(
  { pictures, needles, shown, cells, sources }: HaystackTable,
  id: number,
  sample: { readonly shown: readonly number[]; readonly drawn: readonly Needle[] },
): void {
  shown.set(sample.shown, id * pictures);
  cells.set(
    sample.drawn.map(({ cell }) => cell),
    id * needles,
  );
  sources.set(
    sample.drawn.map(({ source }) => source),
    id * needles,
  );
}

/** A filled table as haystacks. */
export function haystacksOf(table: HaystackTable, redrawn = 0): Haystacks {
  const { pictures, needles, mosaics, length } = table;
  const at = (id: number): Haystack => readHaystack(table, id);
  return { pictures, needles, mosaics, length, redrawn, at, [Symbol.iterator]: () => each(length, at) };
}

function readHaystack({ pictures, needles, mosaics, shown, cells, sources }: HaystackTable, id: number): Haystack {
  const itsCells = cells.subarray(id * needles, (id + 1) * needles);
  const places = Array.from(itsCells, (cell) => (cell < 0 ? null : placeOf(cell, mosaics.side)));
  return {
    id,
    split: splitOf(itsCells),
    mosaics: [...shown.subarray(id * pictures, (id + 1) * pictures)],
    places,
    targets: Array.from(sources.subarray(id * needles, (id + 1) * needles), (source) => mosaics.sources[source]!),
    truth: writeTruth(places),
  };
}

function splitOf(cells: Int32Array): Split {
  if (cells.every((cell) => cell >= 0)) return "positive";
  return cells.every((cell) => cell < 0) ? "negative" : "mixed";
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

/** The first `count` samples of one split. */
export function* firstOf(haystacks: Haystacks, split: Split, count: number): Generator<Haystack> {
  let left = count;
  for (let id = 0; id < haystacks.length && left > 0; id++) {
    const haystack = haystacks.at(id);
    if (haystack.split !== split) continue;
    left--;
    yield haystack;
  }
}

function* each(length: number, at: (id: number) => Haystack): Generator<Haystack> {
  for (let id = 0; id < length; id++) yield at(id);
}
