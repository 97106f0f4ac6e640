/** The names of CLIP's tensors. */
import type { Value } from "#engine";
import type { EncoderBlockWeights, LinearMap, Norm } from "../encoder.ts";
import { gridOf } from "../patches.ts";
import { type StoredWeight, stored, storedLinear } from "../stored-weight.ts";
import type { ClipConfig, ClipTextConfig, ClipTowerConfig, ClipVisionConfig } from "./config.ts";

/** The weights of the tower that sees. */
export interface ClipVisionWeights<Leaf = Value> {
  readonly embedding: {
    /** [C] */
    readonly classToken: Leaf;
    /** [C, channels, h, w] */
    readonly patch: Leaf;
    /** [1 + P, C] */
    readonly position: Leaf;
  };
  readonly firstNorm: Norm<Leaf>;
  readonly blocks: readonly EncoderBlockWeights<Leaf>[];
  readonly finalNorm: Norm<Leaf>;
  readonly projection: LinearMap<Leaf>;
}

/** The weights of the tower that reads. */
export interface ClipTextWeights<Leaf = Value> {
  readonly embedding: {
    /** [V, C] */
    readonly token: Leaf;
    /** [L, C] */
    readonly position: Leaf;
  };
  readonly blocks: readonly EncoderBlockWeights<Leaf>[];
  readonly finalNorm: Norm<Leaf>;
  readonly projection: LinearMap<Leaf>;
}

/** The weights of a CLIP. */
export interface ClipWeights<Leaf = Value> {
  readonly vision: ClipVisionWeights<Leaf>;
  readonly text: ClipTextWeights<Leaf>;
  /** The logarithm of what similarities are multiplied by, a scalar. */
  readonly scale: Leaf;
}

/** Where a checkpoint keeps each weight of a CLIP. */
export function clipWeights({ vision, text, projectionSize }: ClipConfig): ClipWeights<StoredWeight> {
  return {
    vision: visionWeights(vision, projectionSize),
    text: textWeights(text, projectionSize),
    scale: stored("logit_scale", []),
  };
}

function visionWeights(config: ClipVisionConfig, projectionSize: number): ClipVisionWeights<StoredWeight> {
  const { hiddenSize: size, patchSize, imageSize, channels } = config;
  const [rows, columns] = gridOf(imageSize, patchSize);
  const [tower, embeddings] = ["vision_model", "vision_model.embeddings"];
  return {
    embedding: {
      classToken: stored(`${embeddings}.class_embedding`, [size]),
      patch: stored(`${embeddings}.patch_embedding.weight`, [size, channels, ...patchSize]),
      position: stored(`${embeddings}.position_embedding.weight`, [1 + rows * columns, size]),
    },
    // Misspelt in every checkpoint.
    firstNorm: norm(`${tower}.pre_layrnorm`, size),
    blocks: blocksOf(tower, config),
    finalNorm: norm(`${tower}.post_layernorm`, size),
    projection: { weight: storedLinear("visual_projection.weight", [size, projectionSize]) },
  };
}

function textWeights(config: ClipTextConfig, projectionSize: number): ClipTextWeights<StoredWeight> {
  const { hiddenSize: size, vocabularySize, contextLength } = config;
  const [tower, embeddings] = ["text_model", "text_model.embeddings"];
  return {
    embedding: {
      token: stored(`${embeddings}.token_embedding.weight`, [vocabularySize, size]),
      position: stored(`${embeddings}.position_embedding.weight`, [contextLength, size]),
    },
    blocks: blocksOf(tower, config),
    finalNorm: norm(`${tower}.final_layer_norm`, size),
    projection: { weight: storedLinear("text_projection.weight", [size, projectionSize]) },
  };
}

const blocksOf = (tower: string, config: ClipTowerConfig): EncoderBlockWeights<StoredWeight>[] =>
  Array.from({ length: config.layers }, (_, layer) => blockWeights(`${tower}.encoder.layers.${layer}`, config));

function blockWeights(block: string, config: ClipTowerConfig): EncoderBlockWeights<StoredWeight> {
  const { hiddenSize: size, intermediateSize: wide } = config;
  const square = (name: string) => linear(`${block}.self_attn.${name}`, [size, size]);
  return {
    attentionNorm: norm(`${block}.layer_norm1`, size),
    attention: {
      query: square("q_proj"),
      key: square("k_proj"),
      value: square("v_proj"),
      output: square("out_proj"),
    },
    mlpNorm: norm(`${block}.layer_norm2`, size),
    mlp: { up: linear(`${block}.mlp.fc1`, [size, wide]), down: linear(`${block}.mlp.fc2`, [wide, size]) },
  };
}

const norm = (name: string, size: number): Norm<StoredWeight> => ({
  scale: stored(`${name}.weight`, [size]),
  bias: stored(`${name}.bias`, [size]),
});

const linear = (name: string, sizes: readonly [number, number]): LinearMap<StoredWeight> => ({
  weight: storedLinear(`${name}.weight`, sizes),
  bias: stored(`${name}.bias`, [sizes[1]]),
});

/** The places 0, 1, 2 … that older versions saved with each tower. */
export const isClipBuffer = (name: string): boolean => /embeddings\.position_ids$/.test(name);
