import type { ConfigJson } from "../config-reader.ts";
import { ConfigReader } from "../config-reader.ts";
import type { DecoderConfig, ReadConfig } from "../family.ts";
import { type RotaryConfig, readRotary, requireEven } from "../rotary.ts";

/** What a model of this family can differ in. */
export interface LlamaConfig extends DecoderConfig {
  readonly normEpsilon: number;
  /** Added to the stored scales of the normalisations: Gemma stores them less one. */
  readonly normOffset: 0 | 1;
  /** What embeddings are multiplied by: √C in Gemma. */
  readonly embeddingScale: number;
  /** The gate's nonlinearity. */
  readonly activation: "silu" | "gelu" | "gelu-tanh";
  readonly rotary: RotaryConfig;
  /** Which linear maps have an offset. */
  readonly biases: { readonly queryKeyValue: boolean; readonly attentionOutput: boolean; readonly mlp: boolean };
  /** A token sees so many tokens, itself among them; all earlier ones when null. */
  readonly slidingWindow: number | null;
}

/** How the model types of this family differ where config.json says nothing. */
interface Variation {
  readonly normOffset: 0 | 1;
  readonly scalesEmbedding: boolean;
  readonly isTied: boolean;
  readonly queryKeyValueBias: boolean;
  readonly normEpsilon: number;
  /** Whether `sliding_window` counts always, only when `use_sliding_window` allows it, or has no meaning. */
  readonly window: "always" | "never";
  readonly contextLength: number;
}

const llama: Variation = {
  normOffset: 0,
  scalesEmbedding: false,
  isTied: false,
  queryKeyValueBias: false,
  normEpsilon: 1e-6,
  window: "never",
  contextLength: 2048,
};

/** The model types that this family reads. */
export const variations = {
  llama,
  mistral: { ...llama, window: "always", contextLength: 131_072 },
  qwen2: { ...llama, queryKeyValueBias: true, contextLength: 32_768 },
  gemma: { ...llama, normOffset: 1, scalesEmbedding: true, isTied: true, contextLength: 8192 },
} as const satisfies Readonly<Record<string, Variation>>;

const activations = {
  silu: "silu",
  swish: "silu",
  gelu: "gelu",
  gelu_new: "gelu-tanh",
  gelu_fast: "gelu-tanh",
  gelu_pytorch_tanh: "gelu-tanh",
} as const;

/** Reads config.json of a Llama, Mistral, Qwen2 or Gemma. @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
export function readLlamaConfig(json: ConfigJson): ReadConfig<LlamaConfig> {
  const type = String(json.model_type) as keyof typeof variations;
  const variation: Variation = variations[type];
  const reader = new ConfigReader(type, json);
  refuseOtherComputations(reader);
  const hiddenSize = reader.count("hidden_size");
  const heads = reader.count("num_attention_heads");
  const headSize = reader.count("head_dim", hiddenSize / heads);
  const rotary = readRotary(reader, headSize);
  requireEven(type, rotary);
  const attentionBias = reader.flag("attention_bias", false);
  const config: LlamaConfig = {
    vocabularySize: reader.count("vocab_size"),
    hiddenSize,
    intermediateSize: reader.count("intermediate_size"),
    layers: reader.count("num_hidden_layers"),
    heads,
    keyValueHeads: reader.count("num_key_value_heads", heads),
    headSize,
    contextLength: reader.count("max_position_embeddings", variation.contextLength),
    isTied: reader.flag("tie_word_embeddings", variation.isTied),
    normEpsilon: reader.number("rms_norm_eps", variation.normEpsilon),
    normOffset: variation.normOffset,
    embeddingScale: variation.scalesEmbedding ? Math.fround(Math.sqrt(hiddenSize)) : 1,
    activation: readActivation(reader, type),
    rotary,
    biases: {
      queryKeyValue: variation.queryKeyValueBias || attentionBias,
      attentionOutput: attentionBias,
      mlp: reader.flag("mlp_bias", false),
    },
    slidingWindow: readWindow(reader, variation),
  };
  return { config, unknownKeys: reader.unknown() };
}

function refuseOtherComputations(reader: ConfigReader): void {
  reader.only("use_sliding_window", false);
  reader.only("partial_rotary_factor", 1);
  reader.only("use_bidirectional_attention", false);
  reader.only("quantization_config");
  reader.only("rope_interleaved", false);
  reader.only("attention_multiplier");
  reader.only("final_logit_softcapping");
  reader.only("attn_logit_softcapping");
  // How many layers a window that is switched off would begin after, and which layers would have it.
  reader.ignore("max_window_layers", "layer_types");
}

/** Gemma's first checkpoints say "gelu" and were trained with its tanh form; transformers computes that too. */
function readActivation(reader: ConfigReader, type: string): LlamaConfig["activation"] {
  if (type !== "gemma") return reader.oneOf("hidden_act", activations, "silu");
  reader.ignore("hidden_act");
  return reader.oneOf("hidden_activation", activations, "gelu_pytorch_tanh");
}

/** Qwen2 names a window that it does not use. */
function readWindow(reader: ConfigReader, { window }: Variation): number | null {
  const named = reader.has("sliding_window") ? reader.count("sliding_window") : null;
  reader.ignore("sliding_window");
  return window === "always" ? named : null;
}
