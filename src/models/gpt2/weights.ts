/** The names of GPT-2's tensors. Its linear maps are stored as x · W already. */
import type { NormWeights, Value } from "#engine";
import type { StoredNames } from "../family.ts";
import { type StoredWeight, stored } from "../stored-weight.ts";
import type { Gpt2Config } from "./config.ts";

/** Scale and offset of a layer normalisation. */
export interface LayerNormWeights<Leaf = Value> extends Record<keyof NormWeights, Leaf> {}

/** A linear map x W + b: weight [in, out], bias [out]. */
export interface AffineLeaves<Leaf = Value> {
  readonly weight: Leaf;
  readonly bias: Leaf;
}

/** One block of a GPT-2. */
export interface Gpt2BlockWeights<Leaf = Value> {
  readonly attentionNorm: LayerNormWeights<Leaf>;
  /** `queryKeyValue` holds the three maps side by side, [C, 3C]. */
  readonly attention: { readonly queryKeyValue: AffineLeaves<Leaf>; readonly output: AffineLeaves<Leaf> };
  readonly mlpNorm: LayerNormWeights<Leaf>;
  readonly mlp: { readonly up: AffineLeaves<Leaf>; readonly down: AffineLeaves<Leaf> };
}

/** The weights of a GPT-2. */
export interface Gpt2Weights<Leaf = Value> {
  /** token [V, C] · position [contextLength, C] */
  readonly embedding: { readonly token: Leaf; readonly position: Leaf };
  readonly blocks: readonly Gpt2BlockWeights<Leaf>[];
  readonly finalNorm: LayerNormWeights<Leaf>;
  /** [V, C]; undefined where it is tied to the embedding. */
  readonly unembedding: Leaf | undefined;
}

/** Where a checkpoint keeps each weight of a GPT-2. */
export function gpt2Weights(config: Gpt2Config, names: StoredNames): Gpt2Weights<StoredWeight> {
  const { vocabularySize, hiddenSize, contextLength, layers, isTied } = config;
  // The first published checkpoints have no prefix.
  const prefix = names.has("wte.weight") || names.has("ln_f.weight") ? "" : "transformer.";
  return {
    embedding: {
      token: stored(`${prefix}wte.weight`, [vocabularySize, hiddenSize]),
      position: stored(`${prefix}wpe.weight`, [contextLength, hiddenSize]),
    },
    blocks: Array.from({ length: layers }, (_, layer) => gpt2BlockWeights(`${prefix}h.${layer}`, config)),
    finalNorm: norm(`${prefix}ln_f`, hiddenSize),
    unembedding: isTied ? undefined : stored("lm_head.weight", [vocabularySize, hiddenSize]),
  };
}

function gpt2BlockWeights(block: string, { hiddenSize, intermediateSize }: Gpt2Config): Gpt2BlockWeights<StoredWeight> {
  return {
    attentionNorm: norm(`${block}.ln_1`, hiddenSize),
    attention: {
      queryKeyValue: linear(`${block}.attn.c_attn`, [hiddenSize, 3 * hiddenSize]),
      output: linear(`${block}.attn.c_proj`, [hiddenSize, hiddenSize]),
    },
    mlpNorm: norm(`${block}.ln_2`, hiddenSize),
    mlp: {
      up: linear(`${block}.mlp.c_fc`, [hiddenSize, intermediateSize]),
      down: linear(`${block}.mlp.c_proj`, [intermediateSize, hiddenSize]),
    },
  };
}

const norm = (name: string, size: number): LayerNormWeights<StoredWeight> => ({
  scale: stored(`${name}.weight`, [size]),
  bias: stored(`${name}.bias`, [size]),
});

const linear = (name: string, size: readonly [number, number]): AffineLeaves<StoredWeight> => ({
  weight: stored(`${name}.weight`, size),
  bias: stored(`${name}.bias`, [size[1]]),
});

/** Causal masks that older versions saved, and a tied head that may be there a second time. */
export const isGpt2Buffer = (name: string): boolean => /\.attn\.(masked_)?bias$|^lm_head\.weight$/.test(name);
