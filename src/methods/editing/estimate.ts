/** Estimating the second moment of keys from texts, so that a run that was killed goes on where it stood. */
import { join } from "node:path";
import { AssayError, hashOf, sha256, type Tensor, zeros } from "#base";
import { type Matrix, product } from "#engine";
import { firstFile, makeFolder, openCheckpoint, sourceOf, writeSafetensors } from "#formats";
import { blockTap, type LanguageModel, trace } from "#models";
import { fingerprint } from "./fingerprint.ts";
import { expectEditLayer, paddedRows } from "./observe.ts";
import { settingsFor } from "./settings.ts";
import type { SecondMoment } from "./statistics.ts";

/** What C is estimated from. */
export interface EstimateOptions {
  readonly texts: readonly string[];
  readonly layer: number;
  /** What the texts are, in words: it stands in the label. */
  readonly corpus: string;
  /** Where sums are kept between shards and for the next time; nothing is kept when left out. */
  readonly folder?: string;
  /** Texts in a shard; 64 when left out. */
  readonly shardSize?: number;
  /** A text's first tokens; the model's context when left out. */
  readonly tokens?: number;
  readonly signal?: AbortSignal;
  readonly onShard?: (progress: { readonly texts: number; readonly of: number }) => void;
}

/** Tokens in one pass. */
const tokensAtOnce = 2048;

/**
 * The mean of k kᵀ over every token of some texts, added up in float64. With a folder, the sum is written after each
 * shard under a name made of model, layer, corpus and tokenizer: the same call finds it, whole or on its way.
 *
 *     C = (1/N) Σ_i k_i k_iᵀ
 *
 * @throws AssayError TOKENIZER_MISSING, LAYER_OUT_OF_RANGE, WEIGHTS_STREAMED, CORPUS_EMPTY, STATISTICS_MISMATCH, ABORTED
 */
export async function estimateMoment(model: LanguageModel, options: EstimateOptions): Promise<SecondMoment> {
  const { layer, corpus, shardSize = 64, texts, signal, onShard } = options;
  expectEditLayer(model, layer);
  const rows = encodedTexts(model, options);
  const key = momentKey(model, rows, options);
  const store = options.folder === undefined ? undefined : new MomentStore(options.folder, key);
  const sum = store?.load() ?? emptySum(model.config.intermediateSize);
  while (sum.texts < rows.length) {
    if (signal?.aborted) throw new AssayError("ABORTED", "editing: Expected to estimate on, got a stop");
    const until = Math.min(rows.length, sum.texts + shardSize);
    await addShard(model, sum, { rows: rows.slice(sum.texts, until), layer });
    sum.texts = until;
    store?.save(sum);
    onShard?.({ texts: until, of: rows.length });
  }
  if (sum.positions === 0) {
    throw new AssayError(
      "CORPUS_EMPTY",
      `editing: Expected texts with tokens, got ${texts.length} without; give others`,
    );
  }
  const { positions, total: moment } = sum;
  // In place: a second matrix of this size may be more than there is room for.
  for (let at = 0; at < moment.data.length; at++) moment.data[at]! /= positions;
  return { moment, positions, layer, corpus, key, epsilon: settingsFor(model).epsilon };
}

function encodedTexts(model: LanguageModel, { texts, tokens }: EstimateOptions): number[][] {
  const longest = Math.min(tokens ?? Number.POSITIVE_INFINITY, model.config.contextLength);
  const tokenizer = model.requireTokenizer();
  return texts.map((text) => tokenizer.encode(text).slice(0, longest)).filter(({ length }) => length > 0);
}

/** Everything that decides the sum; the ids tell tokenizers apart that share a vocabulary. */
function momentKey(model: LanguageModel, rows: readonly number[][], { layer, texts }: EstimateOptions): string {
  const tokenizer = model.requireTokenizer();
  const vocabulary = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.tokenOf(id) ?? null);
  return hashOf({
    model: fingerprint(model).weights,
    layer,
    corpus: hashOf(texts),
    tokenizer: hashOf(vocabulary),
    ids: sha256(JSON.stringify(rows)),
  });
}

interface MomentSum {
  readonly total: Matrix;
  positions: number;
  /** Texts that are in it. */
  texts: number;
}

const emptySum = (size: number): MomentSum => ({ total: zeros([size, size], "float64"), positions: 0, texts: 0 });

async function addShard(
  model: LanguageModel,
  sum: MomentSum,
  { rows, layer }: { readonly rows: readonly number[][]; readonly layer: number },
): Promise<void> {
  const tap = blockTap(layer, "mlp.coefficients");
  for (const batch of passesOf(rows)) {
    const { taps } = await trace(model, { ids: paddedRows(batch), taps: [tap] });
    const keys = seenRows(taps[tap]!, batch);
    const more = await product(keys, keys, { transposeA: true });
    for (let at = 0; at < more.data.length; at++) sum.total.data[at]! += more.data[at]!;
    sum.positions += keys.shape[0]!;
  }
}

/** Texts that go together, in their order. */
function passesOf(rows: readonly number[][]): number[][][] {
  const passes: number[][][] = [];
  let [longest, count] = [0, Number.POSITIVE_INFINITY];
  for (const row of rows) {
    const width = Math.max(longest, row.length);
    if ((count + 1) * width > tokensAtOnce) {
      passes.push([]);
      [longest, count] = [0, 0];
    }
    passes.at(-1)!.push(row);
    [longest, count] = [Math.max(longest, row.length), count + 1];
  }
  return passes;
}

/** The tokens of a filled-up batch that are no filling, in float64. */
function seenRows({ data, shape }: Tensor, batch: readonly number[][]): Matrix {
  const [, tokens, size] = shape as [number, number, number];
  const count = batch.reduce((sum, { length }) => sum + length, 0);
  const rows = zeros([count, size], "float64");
  let at = 0;
  for (const [row, { length }] of batch.entries()) {
    const from = row * tokens * size;
    rows.data.set((data as Float32Array).subarray(from, from + length * size), at * size);
    at += length;
  }
  return rows;
}

/** A sum on disk, named by its key. */
class MomentStore {
  readonly #folder: string;
  readonly #path: string;
  readonly #key: string;

  constructor(folder: string, key: string) {
    this.#folder = folder;
    this.#key = key;
    this.#path = join(folder, `moment-${key.slice(0, 24)}.safetensors`);
  }

  load(): MomentSum | undefined {
    if (firstFile([this.#path]) === undefined) return undefined;
    using file = openCheckpoint(this.#path);
    const { key, texts, positions } = file.metadata;
    if (key === this.#key) {
      return { total: file.read("sum") as Matrix, positions: Number(positions), texts: Number(texts) };
    }
    const claim = `Expected the sum of ${this.#key.slice(0, 12)} at ${this.#path}, got that of ${key?.slice(0, 12)}`;
    throw new AssayError("STATISTICS_MISMATCH", `editing: ${claim}; remove the file`);
  }

  save({ total, positions, texts }: MomentSum): void {
    makeFolder(this.#folder);
    const metadata = { key: this.#key, texts: String(texts), positions: String(positions) };
    writeSafetensors(this.#path, [sourceOf("sum", total)], { metadata });
  }
}
