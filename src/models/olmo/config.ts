import { type ConfigJson, ConfigReader } from "../config-reader.ts";
import type { DecoderConfig, ReadConfig, SizeTable } from "../family.ts";
import { type RotaryConfig, readRotary, requireEven } from "../rotary.ts";

/** What an OLMo 1 can differ in. */
export interface OlmoConfig extends DecoderConfig {
  readonly rotary: RotaryConfig;
  /** Queries, keys and values stay within ± this; anywhere when null. */
  readonly clip: number | null;
}

/** ε of the weightless layer normalisation, the same in every OLMo 1. */
export const normEpsilon = 1e-5;

/** Reads config.json of an OLMo 1, its authors' own or the port in transformers. @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
export function readOlmoConfig(json: ConfigJson): ReadConfig<OlmoConfig> {
  const reader = new ConfigReader("olmo", json);
  reader.only("quantization_config");
  const config = reader.has("d_model") ? readOriginal(reader) : readPort(reader);
  requireEven("olmo", config.rotary);
  return { config, unknownKeys: reader.unknown() };
}

function readPort(reader: ConfigReader): OlmoConfig {
  reader.only("attention_bias", false);
  reader.only("hidden_act", "silu");
  const hiddenSize = reader.count("hidden_size");
  const heads = reader.count("num_attention_heads");
  const headSize = hiddenSize / heads;
  const keyValueHeads = reader.count("num_key_value_heads", heads);
  reader.divides("num_key_value_heads", "num_attention_heads", { by: keyValueHeads, whole: heads });
  return {
    vocabularySize: reader.count("vocab_size"),
    hiddenSize,
    intermediateSize: reader.count("intermediate_size"),
    layers: reader.count("num_hidden_layers"),
    heads,
    keyValueHeads,
    headSize,
    contextLength: reader.count("max_position_embeddings", 2048),
    isTied: reader.flag("tie_word_embeddings", false),
    rotary: readRotary(reader, headSize),
    clip: readClip(reader),
  };
}

function readOriginal(reader: ConfigReader): OlmoConfig {
  refuseOtherComputations(reader);
  const hiddenSize = reader.count("d_model");
  const heads = reader.count("n_heads");
  const inner = reader.has("mlp_hidden_size")
    ? reader.count("mlp_hidden_size")
    : hiddenSize * reader.number("mlp_ratio", 4);
  const multiQuery = reader.flag("multi_query_attention", false);
  const keyValueHeads = reader.has("n_kv_heads") ? reader.count("n_kv_heads") : multiQuery ? 1 : heads;
  reader.divides("n_kv_heads", "n_heads", { by: keyValueHeads, whole: heads });
  const vocabularySize = reader.count("vocab_size");
  reader.ignore("mlp_ratio", "mlp_hidden_size", "n_kv_heads");
  return {
    // Rows are padded to a multiple of 128; the port calls the padded number its vocabulary.
    vocabularySize: reader.count("embedding_size", vocabularySize),
    hiddenSize,
    intermediateSize: inner / 2, // up and gate in one
    layers: reader.count("n_layers"),
    heads,
    keyValueHeads,
    headSize: hiddenSize / heads,
    contextLength: reader.count("max_sequence_length"),
    isTied: reader.flag("weight_tying", true),
    rotary: { base: reader.number("rope_theta", 10_000), size: hiddenSize / heads, scaling: null },
    clip: readClip(reader),
  };
}

/** Null where queries, keys and values are not clipped, written as a missing key or as null. */
function readClip(reader: ConfigReader): number | null {
  reader.ignore("clip_qkv");
  return reader.has("clip_qkv") ? reader.number("clip_qkv") : null;
}

function refuseOtherComputations(reader: ConfigReader): void {
  reader.only("activation_type", "swiglu");
  reader.only("alibi", false);
  reader.only("rope", true);
  reader.only("attention_layer_norm", false);
  reader.only("block_type", "sequential");
  reader.only("include_bias", false);
  reader.only("bias_for_layer_norm", false);
  reader.only("layer_norm_type", "default", "low_precision");
  reader.only("layer_norm_with_affine", false);
  reader.only("scale_logits", false);
  reader.only("norm_after", false);
  reader.ignore("rope_full_precision", "flash_attention", "init_device", "init_fn", "init_std", "init_cutoff_factor");
  reader.ignore("block_group_size", "precision", "attention_layer_norm_with_affine", "alibi_bias_max");
}

function olmoConfig(
  row: Pick<OlmoConfig, "hiddenSize" | "intermediateSize" | "layers" | "heads"> & Partial<OlmoConfig>,
) {
  const headSize = row.hiddenSize / row.heads;
  const rotary = { base: 10_000, size: headSize, scaling: null };
  const fixed = { vocabularySize: 50_304, contextLength: 2048, isTied: false, rotary, clip: null };
  return { keyValueHeads: row.heads, headSize, ...fixed, ...row } as OlmoConfig;
}

/** Published sizes with the exact number of parameters of their checkpoints, a tied matrix counted once. */
export const olmoSizes = {
  "olmo-1b": {
    parameters: 1_176_764_416,
    config: olmoConfig({ hiddenSize: 2048, intermediateSize: 8192, layers: 16, heads: 16, isTied: true }),
  },
  "olmo-7b": {
    parameters: 6_888_095_744,
    config: olmoConfig({ hiddenSize: 4096, intermediateSize: 11_008, layers: 32, heads: 32 }),
  },
  "olmo-1.7-7b": {
    parameters: 6_888_095_744,
    config: olmoConfig({
      hiddenSize: 4096,
      intermediateSize: 11_008,
      layers: 32,
      heads: 32,
      contextLength: 4096,
      clip: 8,
    }),
  },
} as const satisfies SizeTable<OlmoConfig>;

/** A configuration for tests. */
export const olmoTiny: OlmoConfig = olmoConfig({
  vocabularySize: 64,
  hiddenSize: 16,
  intermediateSize: 24,
  layers: 2,
  heads: 4,
  contextLength: 32,
  clip: 0.8,
});
