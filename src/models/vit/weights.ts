/** The names of a vision transformer's tensors. */
import type { Value } from "#engine";
import type { EncoderBlockWeights, LinearMap, Norm } from "../encoder.ts";
import type { StoredNames } from "../family.ts";
import { gridOf } from "../patches.ts";
import { type StoredWeight, stored, storedLinear } from "../stored-weight.ts";
import type { ViTConfig } from "./config.ts";

/** The weights of a vision transformer. */
export interface ViTWeights<Leaf = Value> {
  readonly embedding: {
    /** [1, 1, C] */
    readonly classToken: Leaf;
    /** [1, 1, C] */
    readonly distillationToken: Leaf | undefined;
    readonly patch: {
      /** [C, channels, h, w] */
      readonly weight: Leaf;
      readonly bias: Leaf;
    };
    /** [1, specials + P, C] */
    readonly position: Leaf;
  };
  readonly blocks: readonly EncoderBlockWeights<Leaf>[];
  readonly finalNorm: Norm<Leaf>;
  /** From the class token to logits; undefined where the checkpoint has no classifier. */
  readonly head: LinearMap<Leaf> | undefined;
  /** From the distillation token to logits, of a DeiT that was taught by another model. */
  readonly distillationHead: LinearMap<Leaf> | undefined;
}

/** Where a checkpoint keeps each weight of a ViT or DeiT; without any names, where transformers would write a classifier's. */
export function vitWeights(config: ViTConfig, names: StoredNames): ViTWeights<StoredWeight> {
  const { hiddenSize: size, channels, patchSize, imageSize, layers, hasDistillationToken } = config;
  const prefix = names.has("embeddings.cls_token") ? "" : hasDistillationToken ? "deit." : "vit.";
  const [rows, columns] = gridOf(imageSize, patchSize);
  const tokens = rows * columns + (hasDistillationToken ? 2 : 1);
  const embeddings = `${prefix}embeddings`;
  const projection = `${embeddings}.patch_embeddings.projection`;
  return {
    embedding: {
      classToken: stored(`${embeddings}.cls_token`, [1, 1, size]),
      distillationToken: hasDistillationToken ? stored(`${embeddings}.distillation_token`, [1, 1, size]) : undefined,
      patch: {
        weight: stored(`${projection}.weight`, [size, channels, ...patchSize]),
        bias: stored(`${projection}.bias`, [size]),
      },
      position: stored(`${embeddings}.position_embeddings`, [1, tokens, size]),
    },
    blocks: Array.from({ length: layers }, (_, layer) => blockWeights(prefix, layer, { config, names })),
    finalNorm: norm(`${prefix}layernorm`, size),
    ...heads(config, names, prefix),
  };
}

/** A base model has no classifier, a DeiT that was distilled has two. */
function heads({ hiddenSize, labels }: ViTConfig, names: StoredNames, prefix: string) {
  const head = (name: string) => linear(name, [hiddenSize, labels.length], true);
  if (names.has("cls_classifier.weight")) {
    return { head: head("cls_classifier"), distillationHead: head("distillation_classifier") };
  }
  const isFresh = prefix !== "" && !names.has(`${prefix}embeddings.cls_token`);
  const hasHead = isFresh || names.has("classifier.weight");
  return { head: hasHead ? head("classifier") : undefined, distillationHead: undefined };
}

interface Layout {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly output: string;
  readonly up: string;
  readonly down: string;
}

/** Names below a block: as published checkpoints have them, and as transformers 5 calls its modules. */
const classic: Layout = {
  query: "attention.attention.query",
  key: "attention.attention.key",
  value: "attention.attention.value",
  output: "attention.output.dense",
  up: "intermediate.dense",
  down: "output.dense",
};
const current: Layout = {
  query: "attention.q_proj",
  key: "attention.k_proj",
  value: "attention.v_proj",
  output: "attention.o_proj",
  up: "mlp.fc1",
  down: "mlp.fc2",
};

function blockWeights(
  prefix: string,
  layer: number,
  { config, names }: { config: ViTConfig; names: StoredNames },
): EncoderBlockWeights<StoredWeight> {
  const { hiddenSize: size, intermediateSize: wide, queryKeyValueBias } = config;
  const isCurrent = names.has(`${prefix}layers.${layer}.layernorm_before.weight`);
  const layout = isCurrent ? current : classic;
  const block = isCurrent ? `${prefix}layers.${layer}` : `${prefix}encoder.layer.${layer}`;
  const map = (part: keyof Layout, sizes: readonly [number, number], hasBias = true) =>
    linear(`${block}.${layout[part]}`, sizes, hasBias);
  return {
    attentionNorm: norm(`${block}.layernorm_before`, size),
    attention: {
      query: map("query", [size, size], queryKeyValueBias),
      key: map("key", [size, size], queryKeyValueBias),
      value: map("value", [size, size], queryKeyValueBias),
      output: map("output", [size, size]),
    },
    mlpNorm: norm(`${block}.layernorm_after`, size),
    mlp: { up: map("up", [size, wide]), down: map("down", [wide, size]) },
  };
}

const norm = (name: string, size: number): Norm<StoredWeight> => ({
  scale: stored(`${name}.weight`, [size]),
  bias: stored(`${name}.bias`, [size]),
});

const linear = (name: string, sizes: readonly [number, number], hasBias: boolean): LinearMap<StoredWeight> => ({
  weight: storedLinear(`${name}.weight`, sizes),
  ...(hasBias ? { bias: stored(`${name}.bias`, [sizes[1]]) } : {}),
});

/** A pooler that no logit depends on, and the token that stands for a hidden patch while a model is pretrained. */
export const isViTBuffer = (name: string): boolean =>
  /(^|\.)pooler\.dense\.(weight|bias)$|embeddings\.mask_token$|^decoder\./.test(name);
