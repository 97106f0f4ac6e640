import { type ConfigJson, ConfigReader } from "../config-reader.ts";
import type { DecoderConfig, ReadConfig, SizeTable } from "../family.ts";

/** What a GPT-2 can differ in. */
export interface Gpt2Config extends DecoderConfig {
  readonly layerNormEpsilon: number;
  readonly activation: "gelu" | "gelu-tanh" | "relu";
}

const activations = {
  gelu_new: "gelu-tanh",
  gelu_fast: "gelu-tanh",
  gelu_pytorch_tanh: "gelu-tanh",
  gelu: "gelu",
  relu: "relu",
} as const;

/** Reads config.json of a GPT-2. @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
export function readGpt2Config(json: ConfigJson): ReadConfig<Gpt2Config> {
  const reader = new ConfigReader("gpt2", json);
  reader.only("scale_attn_weights", true);
  reader.only("scale_attn_by_inverse_layer_idx", false);
  reader.only("add_cross_attention", false);
  reader.only("quantization_config");
  // The first changes no more than rounding; the others describe heads that classify.
  reader.ignore("reorder_and_upcast_attn", "summary_activation", "summary_first_dropout", "summary_proj_to_labels");
  reader.ignore("summary_type", "summary_use_proj", "n_ctx");
  const [sizeKeys, headKeys] = [
    ["n_embd", "hidden_size"],
    ["n_head", "num_attention_heads"],
  ];
  const hiddenSize = reader.count(sizeKeys);
  const heads = reader.count(headKeys);
  reader.divides(headKeys, sizeKeys, { by: heads, whole: hiddenSize });
  const config: Gpt2Config = {
    vocabularySize: reader.count("vocab_size"),
    hiddenSize,
    intermediateSize: reader.count("n_inner", 4 * hiddenSize),
    layers: reader.count(["n_layer", "num_hidden_layers"]),
    heads,
    keyValueHeads: heads,
    headSize: hiddenSize / heads,
    contextLength: reader.count(["n_positions", "max_position_embeddings"]),
    isTied: reader.flag("tie_word_embeddings", true),
    layerNormEpsilon: reader.number("layer_norm_epsilon", 1e-5),
    activation: reader.oneOf("activation_function", activations, "gelu_new"),
  };
  return { config, unknownKeys: reader.unknown() };
}

function gpt2Config(row: Pick<Gpt2Config, "hiddenSize" | "layers" | "heads"> & Partial<Gpt2Config>): Gpt2Config {
  return {
    vocabularySize: 50_257,
    intermediateSize: 4 * row.hiddenSize,
    keyValueHeads: row.heads,
    headSize: row.hiddenSize / row.heads,
    contextLength: 1024,
    isTied: true,
    layerNormEpsilon: 1e-5,
    activation: "gelu-tanh",
    ...row,
  };
}

/** Published sizes with the exact number of parameters of their checkpoints, the tied matrix counted once. */
export const gpt2Sizes = {
  gpt2: { parameters: 124_439_808, config: gpt2Config({ hiddenSize: 768, layers: 12, heads: 12 }) },
  "gpt2-medium": { parameters: 354_823_168, config: gpt2Config({ hiddenSize: 1024, layers: 24, heads: 16 }) },
  "gpt2-large": { parameters: 774_030_080, config: gpt2Config({ hiddenSize: 1280, layers: 36, heads: 20 }) },
  "gpt2-xl": { parameters: 1_557_611_200, config: gpt2Config({ hiddenSize: 1600, layers: 48, heads: 25 }) },
} as const satisfies SizeTable<Gpt2Config>;

/** A configuration for tests. */
export const gpt2Tiny: Gpt2Config = gpt2Config({
  vocabularySize: 64,
  hiddenSize: 16,
  layers: 2,
  heads: 4,
  contextLength: 32,
});
