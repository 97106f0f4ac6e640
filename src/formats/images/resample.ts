import { type Filter, type FilterShape, filters } from "./filters.ts";
import type { Pixels } from "./photo.ts";
import { resampleWasm } from "./resample-wasm.ts";

/** The passes of resample.wat; numbers are addresses in its memory, sizes and counts. */
interface Passes {
  readonly memory: WebAssembly.Memory;
  rows(from: number, to: number, width: number, height: number, size: number, table: number, taps: number): void;
  columns(from: number, to: number, stride: number, size: number, table: number, taps: number): void;
}

/** For one axis, output pixel x is the sum over k of `weights[x][k] · input[starts[x] + k]`. */
interface Axis {
  readonly taps: number;
  /** Shapes   starts [size], then weights [size, taps] in fixed point, zero beyond the input's end */
  readonly table: Int32Array;
}

/** Pillow's fixed point: 32 bits less 8 for a pixel and 2 for the sum of weights, whose lobes overshoot. */
const one = 1 << 22;

const wasm = new WebAssembly.Module(Buffer.from(resampleWasm, "base64"));
const instantiate = () => new WebAssembly.Instance(wasm).exports as unknown as Passes;
const kept = instantiate();
/** Memory never shrinks, so photos that need more than this get an instance of their own. */
const mostKeptBytes = 64 * 2 ** 20;

/** What a picture is resized to, and how. */
export interface ResizeOptions {
  readonly width: number;
  readonly height: number;
  readonly filter: Filter;
}

/**
 * Pillow's antialiased resizing, to the last bit: rows, then columns, each pass rounded to 8 bits.
 *
 * Pillow 13 (2026) begins with the columns where the height shrinks more than the width; MMNeedle's mosaics are older.
 *
 * Shapes   [height, width, 3] → [options.height, options.width, 3]
 * Source   Pillow 3 to 12, src/libImaging/Resample.c
 */
export function pillowResize({ data, width, height }: Pixels, options: ResizeOptions): Pixels {
  const across = axisOf(width, options.width, options.filter);
  const down = axisOf(height, options.height, options.filter);
  const rowBytes = options.width * 3;
  const lengths = [across.table.byteLength, down.table.byteLength, data.length, (height + down.taps) * rowBytes];
  const [acrossAt, downAt, photoAt, narrowAt, outAt] = placesOf(lengths);
  const { memory, rows, columns } = withMemory(outAt + options.height * rowBytes + slack);
  new Int32Array(memory.buffer).set(across.table, acrossAt / 4);
  new Int32Array(memory.buffer).set(down.table, downAt / 4);
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(data, photoAt);
  rows(photoAt, narrowAt, width, height, options.width, acrossAt, across.taps);
  columns(narrowAt, outAt, rowBytes, options.height, downAt, down.taps);
  const resized = bytes.slice(outAt, outAt + options.height * rowBytes);
  return { data: resized, width: options.width, height: options.height };
}

/** Pillow's antialiased bicubic into a square. Shapes   [height, width, 3] → [size, size, 3] */
export const pillowBicubic = (pixels: Pixels, size: number): Pixels =>
  pillowResize(pixels, { width: size, height: size, filter: "bicubic" });

/** Room for what a pass reads and writes past the end, a multiple of the alignment. */
const slack = 64;
const pageBytes = 65_536;

/** Addresses of areas of the given lengths, one after another, and the address behind them. */
function placesOf(lengths: readonly number[]): [number, number, number, number, number] {
  const places = [0];
  for (const length of lengths) places.push(places.at(-1)! + Math.ceil(length / slack + 1) * slack);
  return places as [number, number, number, number, number];
}

function withMemory(bytes: number): Passes {
  const passes = bytes > mostKeptBytes ? instantiate() : kept;
  const missing = bytes - passes.memory.buffer.byteLength;
  if (missing > 0) passes.memory.grow(Math.ceil(missing / pageBytes));
  return passes;
}

/** Photos of a collection share a few sizes. */
const knownAxes = new Map<string, Axis>();
const mostKnownAxes = 256;

function axisOf(from: number, to: number, filter: Filter): Axis {
  const key = `${filter} ${from} → ${to}`;
  const known = knownAxes.get(key) ?? computeAxis(from, to, filters[filter]);
  if (knownAxes.size >= mostKnownAxes) knownAxes.clear();
  knownAxes.set(key, known);
  return known;
}

/** The kernel is stretched by the scale when shrinking, so that nothing aliases. */
function computeAxis(from: number, to: number, { reach: support, weight }: FilterShape): Axis {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const taps = Math.min(from, Math.ceil(reach) * 2 + 1);
  const table = new Int32Array(to * (1 + taps));
  for (let x = 0; x < to; x++) {
    const center = (x + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(from, Math.trunc(center + reach + 0.5));
    table[x] = start;
    table.set(
      fixedWeights(end - start, (k) => weight((start + k - center + 0.5) / stretch)),
      to + x * taps,
    );
  }
  return { taps, table };
}

/** The kernel at `count` positions, scaled to sum to one, in fixed point. */
function fixedWeights(count: number, weight: (k: number) => number): number[] {
  const weights = Array.from({ length: count }, (_, k) => weight(k));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => roundAway((weight / total) * one));
}

const roundAway = (value: number): number => Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
