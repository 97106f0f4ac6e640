import { type ConfigJson, ConfigReader } from "../config-reader.ts";
import type { DecoderConfig, ReadConfig, SizeTable } from "../family.ts";
import { type RotaryConfig, readRotary, requireEven } from "../rotary.ts";

/** What a GPT-NeoX can differ in. */
export interface NeoxConfig extends DecoderConfig {
  readonly layerNormEpsilon: number;
  readonly activation: "gelu" | "gelu-tanh" | "relu";
  readonly rotary: RotaryConfig;
  /** Whether attention and MLP read the same residual and write to it at once. */
  readonly isParallel: boolean;
  readonly hasAttentionBias: boolean;
}

const activations = {
  gelu: "gelu",
  gelu_new: "gelu-tanh",
  gelu_fast: "gelu-tanh",
  gelu_pytorch_tanh: "gelu-tanh",
  relu: "relu",
} as const;

/** Reads config.json of a GPT-NeoX or Pythia. @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
export function readNeoxConfig(json: ConfigJson): ReadConfig<NeoxConfig> {
  const reader = new ConfigReader("gpt_neox", json);
  reader.only("is_decoder", false, true);
  reader.only("quantization_config");
  reader.ignore("classifier_dropout");
  const hiddenSize = reader.count("hidden_size");
  const heads = reader.count("num_attention_heads");
  reader.divides("num_attention_heads", "hidden_size", { by: heads, whole: hiddenSize });
  const headSize = hiddenSize / heads;
  const share = reader.branch("rope_parameters")?.number("partial_rotary_factor", 0.25);
  const size = Math.trunc(headSize * reader.number("rotary_pct", share ?? 0.25));
  const rotary = readRotary(reader, size);
  requireEven("gpt_neox", rotary);
  const config: NeoxConfig = {
    vocabularySize: reader.count("vocab_size"),
    hiddenSize,
    intermediateSize: reader.count("intermediate_size"),
    layers: reader.count("num_hidden_layers"),
    heads,
    keyValueHeads: heads,
    headSize,
    contextLength: reader.count("max_position_embeddings", 2048),
    isTied: reader.flag("tie_word_embeddings", false),
    layerNormEpsilon: reader.number("layer_norm_eps", 1e-5),
    activation: reader.oneOf("hidden_act", activations, "gelu"),
    rotary,
    isParallel: reader.flag("use_parallel_residual", true),
    hasAttentionBias: reader.flag("attention_bias", true),
  };
  return { config, unknownKeys: reader.unknown() };
}

function neoxConfig(row: Pick<NeoxConfig, "hiddenSize" | "layers" | "heads"> & Partial<NeoxConfig>): NeoxConfig {
  const headSize = row.hiddenSize / row.heads;
  return {
    vocabularySize: 50_304,
    intermediateSize: 4 * row.hiddenSize,
    keyValueHeads: row.heads,
    headSize,
    contextLength: 2048,
    isTied: false,
    layerNormEpsilon: 1e-5,
    activation: "gelu",
    rotary: { base: 10_000, size: headSize / 4, scaling: null },
    isParallel: true,
    hasAttentionBias: true,
    ...row,
  };
}

const pythia = (parameters: number, row: Parameters<typeof neoxConfig>[0]) => ({
  parameters,
  config: neoxConfig(row),
});

/** Published sizes with the exact number of parameters of their checkpoints. */
export const neoxSizes = {
  "pythia-70m": pythia(70_426_624, { hiddenSize: 512, layers: 6, heads: 8 }),
  "pythia-160m": pythia(162_322_944, { hiddenSize: 768, layers: 12, heads: 12 }),
  "pythia-410m": pythia(405_334_016, { hiddenSize: 1024, layers: 24, heads: 16 }),
  "pythia-1b": pythia(1_011_781_632, { hiddenSize: 2048, layers: 16, heads: 8 }),
  "pythia-1.4b": pythia(1_414_647_808, { hiddenSize: 2048, layers: 24, heads: 16 }),
  "pythia-2.8b": pythia(2_775_208_960, { hiddenSize: 2560, layers: 32, heads: 32 }),
  "pythia-6.9b": pythia(6_857_302_016, { hiddenSize: 4096, layers: 32, heads: 32, vocabularySize: 50_432 }),
  "pythia-12b": pythia(11_846_072_320, { hiddenSize: 5120, layers: 36, heads: 40, vocabularySize: 50_688 }),
} as const satisfies SizeTable<NeoxConfig>;

/** A configuration for tests: half of each head turns. */
export const neoxTiny: NeoxConfig = neoxConfig({
  vocabularySize: 64,
  hiddenSize: 16,
  layers: 2,
  heads: 4,
  contextLength: 32,
  rotary: { base: 10_000, size: 2, scaling: null },
});
