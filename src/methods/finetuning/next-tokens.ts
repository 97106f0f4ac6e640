/**
 * Predicting the tokens that count, in rows that hold several texts.
 *
 * Axes     B rows · T tokens · N tokens to predict · C hidden size · V vocabulary
 */
import { type Tensor, tensor, zeros } from "#base";
import { crossEntropy, gather, scope, tensorType, type Value, type ValuesOf } from "#engine";
import type { DecoderWeights, LanguageModel } from "#models";
import type { EncodedExample } from "./examples.ts";

/** The types of a batch. */
export const nextTokenTypes = {
  inputIds: tensorType("int64", ["B", "T"]),
  /** The place of each token in its own text. */
  positions: tensorType("int64", ["B", "T"]),
  /** The text of each token, counted from 1 in its row; 0 behind the last. */
  segments: tensorType("int64", ["B", "T"]),
  /** Which of the B · T tokens come before one to predict. */
  places: tensorType("int64", ["N"]),
  targets: tensorType("int64", ["N"]),
  /** What the mean over the batch is multiplied by, so that each token of a step counts alike. */
  share: tensorType("float32", []),
};

/** A batch as values. */
export type NextTokenValues = ValuesOf<typeof nextTokenTypes>;
/** A batch as tensors. */
export type NextTokenBatch = { readonly [Key in keyof typeof nextTokenTypes]: Tensor };

/** The logits of the tokens to predict alone: a vocabulary is wide, and most tokens of a prompt need none. [N, V] */
export function logitsAt(
  { family, config }: Pick<LanguageModel, "family" | "config">,
  weights: DecoderWeights,
  { inputIds, positions, segments, places }: NextTokenValues,
): Value {
  const pass = { positions, segments };
  let residual = family.embed(inputIds, weights.embedding, { config, pass }); // [B, T, C]
  for (const [layer, block] of weights.blocks.entries()) {
    residual = scope(`blocks.${layer}`, () => family.block(residual, block, { config, pass, layer }));
  }
  const picked = gather(residual.reshape([-1, config.hiddenSize]), places).reshape([1, -1, config.hiddenSize]);
  return family.unembed(picked, weights, { config, pass }).reshape([-1, config.vocabularySize]);
}

/** share · mean −log p(target) */
export function nextTokenLoss(
  model: Pick<LanguageModel, "family" | "config">,
  weights: DecoderWeights,
  batch: NextTokenValues,
): Value {
  return crossEntropy(logitsAt(model, weights, batch), batch.targets).mul(batch.share);
}

/** How many tokens of some rows are to be predicted. */
export const countTargets = (rows: readonly (readonly EncodedExample[])[]): number =>
  rows.flat().reduce((sum, { counts }) => sum + counts.filter(Boolean).length, 0);

/** Rows of examples as one batch. */
export function nextTokenBatch(rows: readonly (readonly EncodedExample[])[], { share = 1 } = {}): NextTokenBatch {
  const tokens = Math.max(...rows.map((row) => row.reduce((sum, { ids }) => sum + ids.length - 1, 0)));
  const shape = [rows.length, tokens];
  const batch = {
    inputIds: zeros(shape, "int64"),
    positions: zeros(shape, "int64"),
    segments: zeros(shape, "int64"),
    places: [] as number[],
    targets: [] as number[],
  };
  for (const [row, examples] of rows.entries()) {
    let at = row * tokens;
    for (const [text, example] of examples.entries()) {
      writeExample(batch, example, { at, segment: text + 1 });
      at += example.ids.length - 1;
    }
  }
  const { places, targets, ...tokenwise } = batch;
  return {
    ...tokenwise,
    places: tensor([places.length], places, "int64"),
    targets: tensor([targets.length], targets, "int64"),
    share: tensor([], [share]),
  };
}

interface OpenBatch {
  readonly inputIds: Tensor<"int64">;
  readonly positions: Tensor<"int64">;
  readonly segments: Tensor<"int64">;
  readonly places: number[];
  readonly targets: number[];
}

/** Writes an example from a place of the batch on: its last token is a target and no input. */
function writeExample(batch: OpenBatch, { ids, counts }: EncodedExample, start: { at: number; segment: number }): void {
  for (let place = 0; place < ids.length - 1; place++) {
    const at = start.at + place;
    batch.inputIds.data[at] = BigInt(ids[place]!);
    batch.positions.data[at] = BigInt(place);
    batch.segments.data[at] = BigInt(start.segment);
    if (!counts[place + 1]) continue;
    batch.places.push(at);
    batch.targets.push(ids[place + 1]!);
  }
}
