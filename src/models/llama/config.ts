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
  /** Whether every second block has the window, the first among them, as in Gemma 2; all of them when left out. */
  readonly alternatesWindow?: boolean;
  /** What scores are multiplied by; 1 / √D when left out. */
  readonly scoreScale?: number;
  /** Scores and logits stay within ± this: c · tanh(x / c), as in Gemma 2; unbounded when left out. */
  readonly caps?: { readonly scores?: number; readonly logits?: number };
  /** Whether the queries and the keys of each head are normalised before they are turned, as in Qwen3. */
  readonly normalizesHeads?: boolean;
  /** Whether what a sublayer gives is normalised before it is added, as in Gemma 2. */
  readonly normalizesOutputs?: boolean;
}

/** How the model types of this family differ where config.json says nothing. */
interface Variation {
  readonly normOffset: 0 | 1;
  readonly scalesEmbedding: boolean;
  readonly isTied: boolean;
  readonly queryKeyValueBias: boolean;
  readonly normEpsilon: number;
  /** Whether `sliding_window` counts always, only when `use_sliding_window` allows it, or has no meaning. */
  readonly window: "always" | "alternating" | "never";
  readonly contextLength: number;
  readonly normalizesHeads?: boolean;
  readonly normalizesOutputs?: boolean;
  /** Where scores have a scale of their own: `query_pre_attn_scalar` when config.json is silent. */
  readonly scoreScalar?: number;
  /** Bounds when config.json is silent. */
  readonly caps?: { readonly scores: number; readonly logits: number };
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

const gemma = { ...llama, normOffset: 1, scalesEmbedding: true, isTied: true, contextLength: 8192 } as const;

/** The model types that this family reads. */
export const variations = {
  llama,
  mistral: { ...llama, window: "always", contextLength: 131_072 },
  qwen2: { ...llama, queryKeyValueBias: true, contextLength: 32_768 },
  qwen3: { ...llama, normalizesHeads: true, contextLength: 32_768 },
  gemma,
  gemma2: {
    ...gemma,
    window: "alternating",
    normalizesOutputs: true,
    scoreScalar: 256,
    caps: { scores: 50, logits: 30 },
  },
} as const satisfies Readonly<Record<string, Variation>>;

const activations = {
  silu: "silu",
  swish: "silu",
  gelu: "gelu",
  gelu_new: "gelu-tanh",
  gelu_fast: "gelu-tanh",
  gelu_pytorch_tanh: "gelu-tanh",
} as const;

/** Reads config.json of a Llama, Mistral, Qwen2, Qwen3, Gemma or Gemma 2. @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
export function readLlamaConfig(json: ConfigJson): ReadConfig<LlamaConfig> {
  const type = String(json.model_type) as keyof typeof variations;
  const variation: Variation = variations[type];
  const reader = new ConfigReader(type, json);
  refuseOtherComputations(reader, variation);
  const hiddenSize = reader.count("hidden_size");
  const heads = reader.count("num_attention_heads");
  const headSize = reader.count("head_dim", hiddenSize / heads);
  const keyValueHeads = reader.count("num_key_value_heads", heads);
  reader.divides("num_key_value_heads", "num_attention_heads", { by: keyValueHeads, whole: heads });
  const rotary = readRotary(reader, headSize);
  requireEven(type, rotary);
  const attentionBias = reader.flag("attention_bias", false);
  const config: LlamaConfig = {
    vocabularySize: reader.count("vocab_size"),
    hiddenSize,
    intermediateSize: reader.count("intermediate_size"),
    layers: reader.count("num_hidden_layers"),
    heads,
    keyValueHeads,
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
    ...readYounger(reader, variation),
  };
  return { config, unknownKeys: reader.unknown() };
}

/** What later members of the family have, and their elders do without. */
function readYounger(reader: ConfigReader, { window, scoreScalar, caps, ...given }: Variation): Partial<LlamaConfig> {
  const scale =
    scoreScalar === undefined ? undefined : 1 / Math.sqrt(reader.number("query_pre_attn_scalar", scoreScalar));
  const bounds = caps && {
    scores: readCap(reader, "attn", caps.scores),
    logits: readCap(reader, "final", caps.logits),
  };
  return {
    ...(window === "alternating" ? { alternatesWindow: true } : {}),
    ...(scale === undefined ? {} : { scoreScale: scale }),
    ...(bounds === undefined ? {} : { caps: bounds }),
    ...(given.normalizesHeads ? { normalizesHeads: true } : {}),
    ...(given.normalizesOutputs ? { normalizesOutputs: true } : {}),
  };
}

const readCap = (reader: ConfigReader, of: "attn" | "final", fallback: number): number =>
  reader.number(`${of}_logit_softcapping`, fallback);

function refuseOtherComputations(reader: ConfigReader, { caps, window }: Variation): void {
  reader.only("use_sliding_window", false);
  reader.only("partial_rotary_factor", 1);
  reader.only("use_bidirectional_attention", false);
  reader.only("quantization_config");
  reader.only("rope_interleaved", false);
  reader.only("attention_multiplier");
  if (caps === undefined) {
    reader.only("final_logit_softcapping");
    reader.only("attn_logit_softcapping");
  }
  if (window === "alternating") refuseOtherWindows(reader);
  // How many layers a window that is switched off would begin after, and which layers would have it.
  reader.ignore("max_window_layers", "layer_types", "cache_implementation", "sliding_window_size");
}

function refuseOtherWindows(reader: ConfigReader): void {
  const layers = reader.count("num_hidden_layers");
  const kinds = ["sliding_attention", "full_attention"];
  reader.only(
    "layer_types",
    Array.from({ length: layers }, (_, layer) => kinds[layer % 2]),
  );
}

/** Gemma's first checkpoints say "gelu" and were trained with its tanh form; transformers computes that too. */
function readActivation(reader: ConfigReader, type: string): LlamaConfig["activation"] {
  if (!type.startsWith("gemma")) return reader.oneOf("hidden_act", activations, "silu");
  reader.ignore("hidden_act");
  return reader.oneOf("hidden_activation", activations, "gelu_pytorch_tanh");
}

/** Qwen2 names a window that it does not use. */
function readWindow(reader: ConfigReader, { window }: Variation): number | null {
  const named = reader.has("sliding_window") ? reader.count("sliding_window") : null;
  reader.ignore("sliding_window");
  if (window === "never") return null;
  return window === "alternating" ? (named ?? 4096) : named;
}
