import { type ConfigJson, ConfigReader } from "../config-reader.ts";
import type { DecoderConfig, ReadConfig } from "../family.ts";

/** What a BERT or RoBERTa can differ in. */
export interface BertConfig extends Omit<DecoderConfig, "isTied" | "keyValueHeads"> {
  /** Vectors for the kinds of a text's parts: two for BERT, one for RoBERTa. */
  readonly kinds: number;
  /** The row of the first token's place: RoBERTa counts from behind its padding. */
  readonly firstPosition: number;
  readonly layerNormEpsilon: number;
  readonly activation: "gelu" | "gelu-tanh" | "relu";
}

const activations = { gelu: "gelu", gelu_new: "gelu-tanh", gelu_pytorch_tanh: "gelu-tanh", relu: "relu" } as const;

/** Reads config.json of a BERT, RoBERTa or XLM-RoBERTa. @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
export function readBertConfig(json: ConfigJson): ReadConfig<BertConfig> {
  const isRoberta = json.model_type !== "bert";
  const reader = new ConfigReader(String(json.model_type), json);
  reader.only("is_decoder", false);
  reader.only("add_cross_attention", false);
  reader.only("position_embedding_type", "absolute");
  reader.only("quantization_config");
  reader.ignore("hidden_dropout_prob", "attention_probs_dropout_prob", "tie_word_embeddings", "directionality");
  reader.ignore(
    "pooler_fc_size",
    "pooler_num_attention_heads",
    "pooler_num_fc_layers",
    "pooler_size_per_head",
    "pooler_type",
  );
  const hiddenSize = reader.count("hidden_size");
  const heads = reader.count("num_attention_heads");
  reader.divides("num_attention_heads", "hidden_size", { by: heads, whole: hiddenSize });
  const firstPosition = isRoberta ? reader.number("pad_token_id", 1) + 1 : 0;
  const config: BertConfig = {
    vocabularySize: reader.count("vocab_size"),
    hiddenSize,
    intermediateSize: reader.count("intermediate_size"),
    layers: reader.count("num_hidden_layers"),
    heads,
    headSize: hiddenSize / heads,
    contextLength: reader.count("max_position_embeddings") - firstPosition,
    kinds: reader.count("type_vocab_size", 2),
    firstPosition,
    layerNormEpsilon: reader.number("layer_norm_eps", 1e-12),
    activation: reader.oneOf("hidden_act", activations, "gelu"),
  };
  return { config, unknownKeys: reader.unknown() };
}

type Row = Pick<BertConfig, "hiddenSize" | "layers" | "heads"> & Partial<BertConfig>;

const bertConfig = (row: Row): BertConfig => ({
  vocabularySize: 30_522,
  intermediateSize: 4 * row.hiddenSize,
  headSize: row.hiddenSize / row.heads,
  contextLength: 512,
  kinds: 2,
  firstPosition: 0,
  layerNormEpsilon: 1e-12,
  activation: "gelu",
  ...row,
});

const robertaConfig = (row: Row): BertConfig =>
  bertConfig({ vocabularySize: 50_265, kinds: 1, firstPosition: 2, layerNormEpsilon: 1e-5, ...row });

/** Published sizes with the exact number of parameters of their encoders, the pooler and the heads left out. */
export const bertSizes = {
  "bert-base-uncased": { parameters: 108_891_648, config: bertConfig({ hiddenSize: 768, layers: 12, heads: 12 }) },
  "bert-large-uncased": { parameters: 334_092_288, config: bertConfig({ hiddenSize: 1024, layers: 24, heads: 16 }) },
  "roberta-base": { parameters: 124_055_040, config: robertaConfig({ hiddenSize: 768, layers: 12, heads: 12 }) },
  "roberta-large": { parameters: 354_310_144, config: robertaConfig({ hiddenSize: 1024, layers: 24, heads: 16 }) },
} as const satisfies Readonly<Record<string, { config: BertConfig; parameters: number }>>;

/** A configuration for tests. */
export const bertTiny: BertConfig = bertConfig({
  vocabularySize: 64,
  hiddenSize: 16,
  intermediateSize: 24,
  layers: 2,
  heads: 4,
  contextLength: 32,
});
