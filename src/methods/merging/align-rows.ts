/** The rows of an embedding under another tokenizer's numbers. */
import { AssayError } from "#base";
import type { TokenUnion } from "#formats";

/** One model's embedding. */
export interface EmbeddingRows {
  readonly data: Float32Array;
  readonly width: number;
}

/** What the rows of all models become. */
export interface AlignRowsOptions {
  readonly union: Pick<TokenUnion, "rows" | "vocabularySize">;
  /** Which model is the base; its row stands in for a token that another one lacks. */
  readonly base: number | undefined;
  /** Rows of the output; beyond the vocabulary each holds the mean of the others. */
  readonly size: number;
}

/**
 * Every model's embedding with one row for each token of a joint vocabulary. A token that a model lacks gets the row of
 * the base, of the only model that has it, or the mean over those that have it.
 *
 * Source   mergekit 0.1.5, tokenizer/embed.py
 * @throws AssayError TOKEN_OUT_OF_RANGE when a tokenizer names a row that its model does not have
 */
export function alignRows(models: readonly EmbeddingRows[], { union, base, size }: AlignRowsOptions): Float32Array[] {
  const { width } = models[0]!;
  const aligned = models.map(() => new Float32Array(size * width));
  for (let id = 0; id < union.vocabularySize; id++) {
    const rows = models.map((model, at) => rowOf(model, union.rows[at]![id]!));
    const other = standIn(rows, base);
    for (const [at, row] of rows.entries()) {
      const found = row ?? other;
      if (found !== undefined) aligned[at]!.set(found, id * width);
    }
  }
  for (const data of aligned) fillSpare(data, { width, used: union.vocabularySize });
  return aligned;
}

function rowOf({ data, width }: EmbeddingRows, row: number): Float32Array | undefined {
  if (row < 0) return undefined;
  if ((row + 1) * width <= data.length) return data.subarray(row * width, (row + 1) * width);
  throw new AssayError(
    "TOKEN_OUT_OF_RANGE",
    `merge: Expected ${data.length / width} tokens at most, got one with number ${row}`,
  );
}

function standIn(rows: readonly (Float32Array | undefined)[], base: number | undefined): Float32Array | undefined {
  const known = rows.filter((row) => row !== undefined);
  if (base !== undefined && rows[base] !== undefined) return rows[base];
  if (known.length < 2) return known[0];
  return known[0]!.map((_, at) => known.reduce((sum, row) => sum + row[at]!, 0) / known.length);
}

function fillSpare(data: Float32Array, { width, used }: { readonly width: number; readonly used: number }): void {
  if (used * width === data.length) return;
  const mean = new Float32Array(width);
  for (let at = 0; at < used * width; at++) mean[at % width]! += data[at]! / used;
  for (let row = used; row * width < data.length; row++) data.set(mean, row * width);
}
