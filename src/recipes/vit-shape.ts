import type { ModelConfig } from "#formats";
import type { ViTConfig } from "#models/vit";

/** What a miniature's vision transformer is given; the rest follows. */
export interface ViTShape {
  /** Pixels along each edge of a picture, and of a patch. */
  readonly image: number;
  readonly patch: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
}

const normEpsilon = 1e-6;

/** A small vision transformer. */
export function vitOf({ image, patch, ...shape }: ViTShape, labels: readonly string[]): ViTConfig {
  return {
    ...shape,
    imageSize: [image, image],
    patchSize: [patch, patch],
    channels: 3,
    headSize: shape.hiddenSize / shape.heads,
    normEpsilon,
    activation: "gelu",
    queryKeyValueBias: true,
    hasDistillationToken: false,
    labels,
  };
}

/** The same as config.json. */
export function vitJson({ image, patch, ...shape }: ViTShape, labels: readonly string[]): ModelConfig {
  return {
    architectures: ["ViTForImageClassification"],
    model_type: "vit",
    image_size: image,
    patch_size: patch,
    num_channels: 3,
    hidden_size: shape.hiddenSize,
    intermediate_size: shape.intermediateSize,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    hidden_act: "gelu",
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
    layer_norm_eps: normEpsilon,
    qkv_bias: true,
    id2label: Object.fromEntries(labels.map((label, at) => [String(at), label])),
    label2id: Object.fromEntries(labels.map((label, at) => [label, at])),
    torch_dtype: "float16",
  };
}
