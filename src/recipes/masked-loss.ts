import { crossEntropy, gather, type Value, withTaps } from "#engine";
import { blockTap } from "#models";
import { type LlamaConfig, type LlamaWeights, llamaFamily } from "#models/llama";
import type { NextTokenValues } from "./next-tokens.ts";

/** A batch whose neurons are masked, [B, 1, I] a block. */
export interface MaskedBatch extends NextTokenValues {
  readonly masks?: readonly Value[];
}

/** The mean of −log p(next token) over the counted positions, every coefficient multiplied with its mask. */
export function maskedLoss(batch: MaskedBatch, weights: LlamaWeights, config: LlamaConfig): Value {
  const masks = batch.masks ?? [];
  const edit = Object.fromEntries(
    masks.map((mask, layer) => [blockTap(layer, "mlp.coefficients"), (coefficients: Value) => coefficients.mul(mask)]),
  );
  const { result } = withTaps({ edit }, () => llamaFamily.logits(batch.inputIds, weights, { config }));
  const rows = gather(result.reshape([-1, config.vocabularySize]), batch.positions);
  return crossEntropy(rows, batch.targets);
}
