/** The names of GPT-NeoX's tensors. */
import type { Value } from "#engine";
import type { StoredNames } from "../family.ts";
import { type RowRange, type StoredWeight, stored, storedLinear } from "../stored-weight.ts";
import type { NeoxConfig } from "./config.ts";

/** Scale and offset, both [C]. */
export interface NeoxNormWeights<Leaf = Value> {
  readonly scale: Leaf;
  readonly bias: Leaf;
}

/** A linear map x W + b: weight [in, out], bias [out]. */
export interface NeoxLinearWeights<Leaf = Value> {
  readonly weight: Leaf;
  readonly bias?: Leaf | undefined;
}

/** One block of a GPT-NeoX. */
export interface NeoxBlockWeights<Leaf = Value> {
  readonly attentionNorm: NeoxNormWeights<Leaf>;
  /** `queryKeyValue` holds the three maps side by side, [C, 3C]. */
  readonly attention: { readonly queryKeyValue: NeoxLinearWeights<Leaf>; readonly output: NeoxLinearWeights<Leaf> };
  readonly mlpNorm: NeoxNormWeights<Leaf>;
  readonly mlp: { readonly up: NeoxLinearWeights<Leaf>; readonly down: NeoxLinearWeights<Leaf> };
}

/** The weights of a GPT-NeoX. */
export interface NeoxWeights<Leaf = Value> {
  /** [V, C] */
  readonly embedding: { readonly token: Leaf };
  readonly blocks: readonly NeoxBlockWeights<Leaf>[];
  readonly finalNorm: NeoxNormWeights<Leaf>;
  /** [V, C]; undefined where it is tied to the embedding. */
  readonly unembedding: Leaf | undefined;
}

/** Where a checkpoint keeps each weight of a GPT-NeoX. */
export function neoxWeights(config: NeoxConfig, names: StoredNames): NeoxWeights<StoredWeight> {
  const { vocabularySize, hiddenSize, layers, isTied } = config;
  const prefix = names.has("embed_in.weight") ? "" : "gpt_neox.";
  return {
    embedding: { token: stored(`${prefix}embed_in.weight`, [vocabularySize, hiddenSize]) },
    blocks: Array.from({ length: layers }, (_, layer) => neoxBlockWeights(`${prefix}layers.${layer}`, config)),
    finalNorm: norm(`${prefix}final_layer_norm`, hiddenSize),
    unembedding: isTied ? undefined : stored("embed_out.weight", [vocabularySize, hiddenSize]),
  };
}

function neoxBlockWeights(block: string, config: NeoxConfig): NeoxBlockWeights<StoredWeight> {
  const { hiddenSize, intermediateSize, hasAttentionBias } = config;
  const rows = byPart(config);
  const fused = `${block}.attention.query_key_value`;
  const output = linear(`${block}.attention.dense`, [hiddenSize, hiddenSize]);
  return {
    attentionNorm: norm(`${block}.input_layernorm`, hiddenSize),
    attention: {
      queryKeyValue: {
        weight: storedLinear(`${fused}.weight`, [hiddenSize, 3 * hiddenSize], rows),
        ...(hasAttentionBias ? { bias: stored(`${fused}.bias`, [3 * hiddenSize], rows) } : {}),
      },
      output: hasAttentionBias ? output : { weight: output.weight },
    },
    mlpNorm: norm(`${block}.post_attention_layernorm`, hiddenSize),
    mlp: {
      up: linear(`${block}.mlp.dense_h_to_4h`, [hiddenSize, intermediateSize]),
      down: linear(`${block}.mlp.dense_4h_to_h`, [intermediateSize, hiddenSize]),
    },
  };
}

/** Stored head by head, each with its query, key and value; ours are all queries, all keys, all values. */
function byPart({ heads, headSize }: NeoxConfig): RowRange[] {
  const from = (head: number, part: number) => (head * 3 + part) * headSize;
  const parts = [0, 1, 2].flatMap((part) => Array.from({ length: heads }, (_, head) => from(head, part)));
  return parts.map((start) => [start, start + headSize]);
}

const norm = (name: string, size: number): NeoxNormWeights<StoredWeight> => ({
  scale: stored(`${name}.weight`, [size]),
  bias: stored(`${name}.bias`, [size]),
});

const linear = (name: string, size: readonly [number, number]) => ({
  weight: storedLinear(`${name}.weight`, size),
  bias: stored(`${name}.bias`, [size[1]]),
});

/** Causal masks and rotary frequencies that older versions saved. */
export const isNeoxBuffer = (name: string): boolean =>
  /\.attention\.(bias|masked_bias|rotary_emb\.inv_freq)$/.test(name);
