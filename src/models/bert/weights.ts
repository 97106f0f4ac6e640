/** The names of BERT's and RoBERTa's tensors. */
import type { Value } from "#engine";
import type { StoredNames } from "../family.ts";
import { type StoredWeight, stored, storedLinear } from "../stored-weight.ts";
import type { BertConfig } from "./config.ts";

/** Scale and offset, both [C]. */
export interface BertNormWeights<Leaf = Value> {
  readonly scale: Leaf;
  readonly bias: Leaf;
}

/** A linear map x W + b: weight [in, out], bias [out]. */
export interface BertLinearWeights<Leaf = Value> {
  readonly weight: Leaf;
  readonly bias: Leaf;
}

/** One block of a BERT. */
export interface BertBlockWeights<Leaf = Value> {
  readonly attention: Readonly<Record<"query" | "key" | "value" | "output", BertLinearWeights<Leaf>>>;
  readonly attentionNorm: BertNormWeights<Leaf>;
  readonly mlp: { readonly up: BertLinearWeights<Leaf>; readonly down: BertLinearWeights<Leaf> };
  readonly mlpNorm: BertNormWeights<Leaf>;
}

/** The weights of a BERT's encoder. */
export interface BertWeights<Leaf = Value> {
  /** token [V, C] · position [P, C] · kind [K, C] */
  readonly embedding: { readonly token: Leaf; readonly position: Leaf; readonly kind: Leaf };
  readonly embeddingNorm: BertNormWeights<Leaf>;
  readonly blocks: readonly BertBlockWeights<Leaf>[];
}

/** Where a checkpoint keeps each weight of a BERT; a whole model has its encoder behind a prefix. */
export function bertWeights(config: BertConfig, names: StoredNames): BertWeights<StoredWeight> {
  const { vocabularySize, hiddenSize, contextLength, firstPosition, kinds, layers } = config;
  const word = "embeddings.word_embeddings.weight";
  const prefix = ["", "bert.", "roberta."].find((one) => names.has(one + word)) ?? "";
  const at = (name: string) => `${prefix}embeddings.${name}`;
  const place: Place = { config, names };
  return {
    embedding: {
      token: stored(prefix + word, [vocabularySize, hiddenSize]),
      position: stored(at("position_embeddings.weight"), [contextLength + firstPosition, hiddenSize]),
      kind: stored(at("token_type_embeddings.weight"), [kinds, hiddenSize]),
    },
    embeddingNorm: norm(at("LayerNorm"), place),
    blocks: Array.from({ length: layers }, (_, layer) => blockWeights(`${prefix}encoder.layer.${layer}`, place)),
  };
}

interface Place {
  readonly config: BertConfig;
  readonly names: StoredNames;
}

function blockWeights(block: string, place: Place): BertBlockWeights<StoredWeight> {
  const { hiddenSize, intermediateSize } = place.config;
  const square = (name: string) => linear(`${block}.attention.${name}`, [hiddenSize, hiddenSize]);
  return {
    attention: {
      query: square("self.query"),
      key: square("self.key"),
      value: square("self.value"),
      output: square("output.dense"),
    },
    attentionNorm: norm(`${block}.attention.output.LayerNorm`, place),
    mlp: {
      up: linear(`${block}.intermediate.dense`, [hiddenSize, intermediateSize]),
      down: linear(`${block}.output.dense`, [intermediateSize, hiddenSize]),
    },
    mlpNorm: norm(`${block}.output.LayerNorm`, place),
  };
}

/** Checkpoints that came from TensorFlow say gamma and beta. */
function norm(name: string, { config: { hiddenSize }, names }: Place): BertNormWeights<StoredWeight> {
  const [scale, bias] = names.has(`${name}.gamma`) ? ["gamma", "beta"] : ["weight", "bias"];
  return { scale: stored(`${name}.${scale}`, [hiddenSize]), bias: stored(`${name}.${bias}`, [hiddenSize]) };
}

const linear = (name: string, size: readonly [number, number]): BertLinearWeights<StoredWeight> => ({
  weight: storedLinear(`${name}.weight`, size),
  bias: stored(`${name}.bias`, [size[1]]),
});
