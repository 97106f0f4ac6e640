import type { RandomStream } from "#base";
import { stream } from "#base";
import type { Pixels } from "#formats";

/** What a cell is made of. */
export const colorMaterials = ["red", "yellow", "blue", "green", "black"] as const;

/** One of `colorMaterials`. */
export type ColorMaterial = (typeof colorMaterials)[number];

const paints: Readonly<Record<ColorMaterial, readonly [red: number, green: number, blue: number]>> = {
  red: [1, 0, 0],
  yellow: [1, 1, 0],
  blue: [0, 0, 1],
  green: [0, 1, 0],
  black: [0, 0, 0],
};

/** The classes and their two colours, in the order of painting. */
export const colorClasses = ["red and yellow", "blue and green"] as const;

const colorsOf: readonly (readonly [ColorMaterial, ColorMaterial])[] = [
  ["red", "yellow"],
  ["blue", "green"],
];

/** A picture of four cells. */
export interface ColorPicture {
  /** `color-0042` */
  readonly name: string;
  /** Its place in `colorClasses`. */
  readonly label: number;
  /** Of the four cells, row by row from the top left. */
  readonly cells: readonly ColorMaterial[];
  readonly pixels: Pixels;
}

/** Which pictures to draw. */
export interface ColorOptions {
  readonly seed: number;
  /** Pixels along each edge. */
  readonly size: number;
  /** Pictures of each class; 1000 when left out. */
  readonly perClass?: number;
  readonly split: "train" | "test";
}

/** The variance of the noise of each cell and channel. */
const noiseVariance = 0.01;
/** The share that is trained on. */
const trainShare = 0.8;

/**
 * Pictures of two colours of a class and black, for which everything is known: 2 × 2 cells with noise, blown up by linear
 * interpolation.
 *
 * Source   Wang et al. 2024, PACE (arXiv:2406.12649), §5.1, and its code: 0 to 2 black cells, the others painted in turn with
 *          the first and the second colour in random order; four fifths are trained on
 */
export function colorPictures({ seed, size, perClass = 1000, split }: ColorOptions): ColorPicture[] {
  const count = 2 * perClass;
  const order = stream(seed, "corpora/colors/split").shuffle(Array.from({ length: count }, (_, at) => at));
  const trained = Math.round(trainShare * count);
  const chosen = (split === "train" ? order.slice(0, trained) : order.slice(trained)).sort((a, b) => a - b);
  return chosen.map((number) => draw(number, { seed, size, label: number < perClass ? 0 : 1 }));
}

interface Drawing {
  readonly seed: number;
  readonly size: number;
  readonly label: number;
}

function draw(number: number, { seed, size, label }: Drawing): ColorPicture {
  const random = stream(seed, `corpora/colors/${number}`);
  const cells = cellsOf(random, label);
  const spread = Math.sqrt(noiseVariance);
  const canvas = cells.flatMap((cell) =>
    paints[cell].map((value) => Math.min(1, Math.max(0, value + spread * random.normal()))),
  );
  return { name: `color-${String(number).padStart(4, "0")}`, label, cells, pixels: blownUp(canvas, size) };
}

function cellsOf(random: RandomStream, label: number): ColorMaterial[] {
  const cells: ColorMaterial[] = ["black", "black", "black", "black"];
  const painted = random.sample([0, 1, 2, 3], 4 - random.int(3));
  for (const [turn, cell] of painted.entries()) cells[cell] = colorsOf[label]![turn % 2]!;
  return cells;
}

/** Each pixel mixes the four cells around it. */
function blownUp(canvas: readonly number[], size: number): Pixels {
  const second = secondShares(size);
  const data = new Uint8Array(size * size * 3);
  for (let at = 0; at < size * size; at++) {
    const shares = cellShares(second[Math.floor(at / size)]!, second[at % size]!);
    for (let channel = 0; channel < 3; channel++) {
      const value = shares.reduce((sum, share, cell) => sum + share * canvas[cell * 3 + channel]!, 0);
      data[at * 3 + channel] = Math.round(255 * value);
    }
  }
  return { data, width: size, height: size };
}

/**
 * The share of the second of two cells at each pixel, mirrored at the ends.
 *
 *     u = (i + 1/2) · 2 / size − 1/2,  share = |u| for u < 1, else 2 − u
 */
function secondShares(size: number): number[] {
  return Array.from({ length: size }, (_, pixel) => {
    const u = ((pixel + 0.5) * 2) / size - 0.5;
    return u < 1 ? Math.abs(u) : 2 - u;
  });
}

const cellShares = (down: number, across: number): readonly number[] => [
  (1 - down) * (1 - across),
  (1 - down) * across,
  down * (1 - across),
  down * across,
];

/**
 * How much of each material every patch of a picture holds: the truth that its concepts are measured by.
 *
 * Shapes   → [P, 5], rows of patches from the top, materials as in `colorMaterials`; rows add up to one
 */
export function colorShares({ cells, pixels }: ColorPicture, patch: number): Float64Array {
  const size = pixels.width;
  const across = Math.floor(size / patch);
  const second = secondShares(size);
  const found = new Float64Array(across * across * colorMaterials.length);
  for (let y = 0; y < across * patch; y++) {
    for (let x = 0; x < across * patch; x++) {
      const at = Math.floor(y / patch) * across + Math.floor(x / patch);
      for (const [cell, share] of cellShares(second[y]!, second[x]!).entries()) {
        found[at * colorMaterials.length + colorMaterials.indexOf(cells[cell]!)]! += share / patch ** 2;
      }
    }
  }
  return found;
}

/** The material that each patch holds most of, by its place in `colorMaterials`. [P] */
export function colorTruth(picture: ColorPicture, patch: number): number[] {
  const shares = colorShares(picture, patch);
  const kinds = colorMaterials.length;
  return Array.from({ length: shares.length / kinds }, (_, at) => {
    const row = shares.subarray(at * kinds, (at + 1) * kinds);
    return row.indexOf(row.reduce((most, share) => Math.max(most, share), 0));
  });
}
