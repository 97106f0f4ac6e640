import type { ConfigJson } from "../config-reader.ts";
import { ConfigReader } from "../config-reader.ts";
import { activationNames, type EncoderActivation } from "../encoder.ts";
import type { ReadConfig } from "../family.ts";
import type { Extent } from "../patches.ts";

/** What a vision transformer can differ in. */
export interface ViTConfig {
  /** Pixels of the pictures that it was trained on, and so its positions; others are interpolated. */
  readonly imageSize: Extent;
  readonly patchSize: Extent;
  readonly channels: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  readonly normEpsilon: number;
  readonly activation: EncoderActivation;
  /** Whether queries, keys and values have an offset. */
  readonly queryKeyValueBias: boolean;
  /** Whether a second token asks for what a teacher said (DeiT). */
  readonly hasDistillationToken: boolean;
  /** The name of each class, in the order of the logits. */
  readonly labels: readonly string[];
}

/** Whether the model types of this family have a distillation token. */
export const variations = { vit: false, deit: true } as const;

/** Reads config.json of a ViT or DeiT. @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
export function readViTConfig(json: ConfigJson): ReadConfig<ViTConfig> {
  const type = String(json.model_type) as keyof typeof variations;
  const reader = new ConfigReader(type, json);
  refuseOtherComputations(reader);
  const hiddenSize = reader.count("hidden_size", 768);
  const heads = reader.count("num_attention_heads", 12);
  reader.divides("num_attention_heads", "hidden_size", { by: heads, whole: hiddenSize });
  const config: ViTConfig = {
    imageSize: reader.extent("image_size", 224),
    patchSize: reader.extent("patch_size", 16),
    channels: reader.count("num_channels", 3),
    hiddenSize,
    intermediateSize: reader.count("intermediate_size", 3072),
    layers: reader.count("num_hidden_layers", 12),
    heads,
    headSize: hiddenSize / heads,
    normEpsilon: reader.number("layer_norm_eps", 1e-12),
    activation: reader.oneOf("hidden_act", activationNames, "gelu"),
    queryKeyValueBias: reader.flag("qkv_bias", true),
    hasDistillationToken: variations[type],
    labels: reader.labels(),
  };
  return { config, unknownKeys: reader.unknown() };
}

function refuseOtherComputations(reader: ConfigReader): void {
  reader.only("quantization_config");
  reader.only("head_dim");
  reader.only("use_mask_token", false);
  // Of parts that no logit depends on, and of dropout.
  reader.ignore("encoder_stride", "pooler_output_size", "pooler_act", "hidden_dropout_prob");
  reader.ignore("attention_probs_dropout_prob", "num_labels", "id2label", "label2id", "finetuning_task");
}
