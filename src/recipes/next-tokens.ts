/**
 * Predicting some tokens of some texts.
 *
 * Axes     B texts · T tokens · N positions whose next token counts · C hidden size · V vocabulary
 */
import { type Tensor, tensor } from "#base";
import {
  compile,
  crossEntropy,
  gather,
  type Program,
  range,
  tensorType,
  typesOf,
  type Value,
  type ValuesOf,
} from "#engine";
import { type LlamaConfig, llamaFamily } from "#models/llama";
import type { LlamaTensors } from "./weights.ts";

/** The types of a batch; texts are filled up at the end, which nothing before it sees. */
export const nextTokenTypes = {
  /** [B, T] */
  inputIds: tensorType("int64", ["B", "T"]),
  /** Places in the B · T tokens, [N]. */
  positions: tensorType("int64", ["N"]),
  /** The tokens that follow them, [N]. */
  targets: tensorType("int64", ["N"]),
};

/** A batch as values. */
export type NextTokenValues = ValuesOf<typeof nextTokenTypes>;

/** A batch as tensors. */
export interface NextTokenBatch {
  readonly inputIds: Tensor<"int64">;
  readonly positions: Tensor<"int64">;
  readonly targets: Tensor<"int64">;
}

type LlamaValues = ValuesOf<LlamaTensors>;

/** The logits of the counted positions alone: a vocabulary is wide, and most tokens of a prompt need no prediction. [N, V] */
function logitsAt({ inputIds, positions }: NextTokenValues, weights: LlamaValues, config: LlamaConfig): Value {
  const pass = { positions: range(inputIds.shape[1]!) };
  let residual = llamaFamily.embed(inputIds, weights.embedding as never, { config, pass }); // [B, T, C]
  for (const [layer, block] of weights.blocks.entries()) {
    residual = llamaFamily.block(residual, block as never, { config, pass, layer });
  }
  const picked = gather(residual.reshape([-1, config.hiddenSize]), positions).reshape([1, -1, config.hiddenSize]);
  return llamaFamily.unembed(picked, weights as never, { config, pass }).reshape([-1, config.vocabularySize]);
}

/** The mean of −log p(next token) over the counted positions. */
export function nextTokenLoss(batch: NextTokenValues, weights: LlamaValues, config: LlamaConfig): Value {
  return crossEntropy(logitsAt(batch, weights, config), batch.targets);
}

/** What a model says of a batch: whether its likeliest token is the right one, and how likely the right one is. */
export interface Predictions {
  /** [N], 0 or 1 */
  readonly isRight: Uint8Array;
  /** [N], −ln p(target) */
  readonly losses: Float32Array;
}

/** A model and how it is run. */
export interface Examined {
  readonly weights: LlamaTensors;
  readonly config: LlamaConfig;
  readonly threads?: number | undefined;
}

/** A model's predictions, compiled once. */
export async function compilePredictions({
  weights,
  config,
  threads,
}: Examined): Promise<(batch: NextTokenBatch) => Promise<Predictions>> {
  const signature = { weights: typesOf(weights), batch: nextTokenTypes };
  const build = (values: { weights: LlamaValues; batch: NextTokenValues }) => {
    const logits = logitsAt(values.batch, values.weights, config);
    const losses = crossEntropy(logits, values.batch.targets, { reduction: "none" });
    return { isRight: logits.argMax().equal(values.batch.targets), losses };
  };
  const program = (await compile(build as never, signature, threads === undefined ? {} : { threads })) as Program<
    unknown,
    { isRight: Value; losses: Value }
  >;
  return async (batch) => {
    const found = await program.run({ weights, batch } as never);
    return { isRight: found.isRight.data as Uint8Array, losses: found.losses.data as Float32Array };
  };
}

/** A text of which some tokens are to be predicted. */
export interface PredictedText {
  readonly ids: readonly number[];
  /** The first token that is to be predicted. */
  readonly from: number;
  /** How often each token counts; once when left out. */
  readonly counts?: readonly number[];
}

/** Texts as one batch: the tokens from `from` on are to be predicted from those before them. */
export function batchOfTexts(texts: readonly PredictedText[]): NextTokenBatch {
  const tokens = Math.max(...texts.map(({ ids }) => ids.length)) - 1;
  const inputIds = new BigInt64Array(texts.length * tokens);
  const positions: number[] = [];
  const targets: number[] = [];
  for (const [row, { ids, from, counts }] of texts.entries()) {
    for (let at = 0; at < ids.length - 1; at++) inputIds[row * tokens + at] = BigInt(ids[at]!);
    for (let at = from; at < ids.length; at++) {
      for (let time = 0; time < (counts?.[at] ?? 1); time++) {
        positions.push(row * tokens + at - 1);
        targets.push(ids[at]!);
      }
    }
  }
  return {
    inputIds: tensor([texts.length, tokens], inputIds, "int64"),
    positions: tensor([positions.length], positions, "int64"),
    targets: tensor([targets.length], targets, "int64"),
  };
}
