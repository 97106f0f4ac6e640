/** What a model computes on texts of different lengths: keys, values, and what later blocks need to go on from there. */
import type { Tensor } from "#base";
import { blockTap, type LanguageModel, trace } from "#models";
import { expectLayer } from "../value-vectors/place.ts";

/** Texts filled up to one length; what comes after a token never changes it. */
export function paddedRows(texts: readonly (readonly number[])[]): number[][] {
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  return texts.map((ids) => [...ids, ...new Array<number>(longest - ids.length).fill(0)]);
}

/** A position in one of several texts. */
export interface TextPosition {
  readonly ids: readonly number[];
  /** The token that is looked at. */
  readonly lookup: number;
}

/** Texts in one pass. */
const textsAtOnce = 64;

/**
 * One activation at one token of each text, a row each; only what is before the token is computed.
 *
 * Shapes   taps [B, T, *] at each text's `lookup` → [texts, *]
 */
export async function readAt(
  model: LanguageModel,
  texts: readonly TextPosition[],
  taps: readonly string[],
): Promise<Record<string, Tensor<"float32">>> {
  const rows: Record<string, Float32Array[]> = Object.fromEntries(taps.map((tap) => [tap, []]));
  for (let at = 0; at < texts.length; at += textsAtOnce) {
    const batch = texts.slice(at, at + textsAtOnce);
    const ids = paddedRows(batch.map(({ ids: all, lookup }) => all.slice(0, lookup + 1)));
    const found = await trace(model, { ids, taps });
    for (const tap of taps) {
      rows[tap]!.push(...batch.map(({ lookup }, row) => rowAt(found.taps[tap]!, row, lookup)));
    }
  }
  return Object.fromEntries(taps.map((tap) => [tap, stacked(rows[tap]!)]));
}

/** One token's row of [B, T, *], as a copy. */
export function rowAt({ data, shape }: Tensor, row: number, token: number): Float32Array {
  const [, tokens, size] = shape as [number, number, number];
  const from = (row * tokens + token) * size;
  return (data as Float32Array).slice(from, from + size);
}

/** Rows of one length as a matrix. */
export function stacked(rows: readonly Float32Array[]): Tensor<"float32"> {
  const size = rows[0]!.length;
  const data = new Float32Array(rows.length * size);
  for (const [at, row] of rows.entries()) data.set(row, at * size);
  return { dtype: "float32", shape: [rows.length, size], data };
}

/** One row of a matrix, as a view. */
export function matrixRow({ data, shape }: Tensor<"float32">, row: number): Float32Array {
  const size = shape[1]!;
  return data.subarray(row * size, (row + 1) * size);
}

/** The keys of texts at a layer: what multiplies the value vectors at each text's token. [texts, I] */
export async function readKeys(
  model: LanguageModel,
  texts: readonly TextPosition[],
  layer: number,
): Promise<Tensor<"float32">> {
  const tap = blockTap(layer, "mlp.coefficients");
  return (await readAt(model, texts, [tap]))[tap]!;
}

/** @throws AssayError LAYER_OUT_OF_RANGE */
export const expectEditLayer = ({ name, config }: LanguageModel, layer: number): void =>
  expectLayer(layer, config, name);
