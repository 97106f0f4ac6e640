import type { ConfigJson } from "../config-reader.ts";
import { ConfigReader } from "../config-reader.ts";
import { activationNames, type EncoderActivation } from "../encoder.ts";
import type { ReadConfig } from "../family.ts";
import type { Extent } from "../patches.ts";

/** What both towers have. */
export interface ClipTowerConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  readonly normEpsilon: number;
  readonly activation: EncoderActivation;
}

/** The tower that sees. */
export interface ClipVisionConfig extends ClipTowerConfig {
  readonly imageSize: Extent;
  readonly patchSize: Extent;
  readonly channels: number;
}

/** The tower that reads. */
export interface ClipTextConfig extends ClipTowerConfig {
  readonly vocabularySize: number;
  readonly contextLength: number;
  /** The token whose residual stands for the text; null where it is the highest number of the text. */
  readonly endId: number | null;
}

/** What a CLIP can differ in. */
export interface ClipConfig {
  readonly vision: ClipVisionConfig;
  readonly text: ClipTextConfig;
  /** Length of the vectors that pictures and texts meet in. */
  readonly projectionSize: number;
}

/** Reads config.json of a CLIP. @throws AssayError CONFIG_INVALID, CONFIG_UNSUPPORTED */
export function readClipConfig(json: ConfigJson): ReadConfig<ClipConfig> {
  const reader = new ConfigReader("clip", json);
  reader.only("quantization_config");
  // The scale is a weight; older files say everything twice.
  reader.ignore("logit_scale_init_value", "initializer_factor", "text_config_dict", "vision_config_dict");
  const config: ClipConfig = {
    vision: readVision(reader.branch("vision_config") ?? new ConfigReader("clip", {})),
    text: readText(reader.branch("text_config") ?? new ConfigReader("clip", {})),
    projectionSize: reader.count("projection_dim", 512),
  };
  return { config, unknownKeys: reader.unknown() };
}

function readVision(reader: ConfigReader): ClipVisionConfig {
  return {
    ...readTower(reader, { hidden: 768, heads: 12 }),
    imageSize: reader.extent("image_size", 224),
    patchSize: reader.extent("patch_size", 32),
    channels: reader.count("num_channels", 3),
  };
}

function readText(reader: ConfigReader): ClipTextConfig {
  const endId = reader.number("eos_token_id", 49_407);
  return {
    ...readTower(reader, { hidden: 512, heads: 8 }),
    vocabularySize: reader.count("vocab_size", 49_408),
    contextLength: reader.count("max_position_embeddings", 77),
    // OpenAI's own files say 2, which is no token of theirs.
    endId: endId === 2 ? null : endId,
  };
}

function readTower(reader: ConfigReader, defaults: { readonly hidden: number; readonly heads: number }) {
  refuseOtherComputations(reader);
  const hiddenSize = reader.count("hidden_size", defaults.hidden);
  const heads = reader.count("num_attention_heads", defaults.heads);
  reader.divides("num_attention_heads", "hidden_size", { by: heads, whole: hiddenSize });
  return {
    hiddenSize,
    intermediateSize: reader.count("intermediate_size", 4 * defaults.hidden),
    layers: reader.count("num_hidden_layers", 12),
    heads,
    headSize: hiddenSize / heads,
    normEpsilon: reader.number("layer_norm_eps", 1e-5),
    activation: reader.oneOf("hidden_act", activationNames, "quick_gelu"),
  };
}

/** Older files write down every default that transformers had for any model. */
function refuseOtherComputations(reader: ConfigReader): void {
  reader.only("model_type", "clip_text_model", "clip_vision_model");
  reader.only("quantization_config");
  reader.ignore("projection_dim", "attention_dropout", "dropout", "initializer_range", "initializer_factor");
  reader.ignore(...inertDefaults);
}

const inertDefaults = [
  ...["_name_or_path", "architectures", "bos_token_id", "pad_token_id", "sep_token_id", "torch_dtype", "dtype"],
  ...["add_cross_attention", "bad_words_ids", "begin_suppress_tokens", "chunk_size_feed_forward"],
  ...["cross_attention_hidden_size", "decoder_start_token_id", "diversity_penalty", "do_sample", "early_stopping"],
  ...["encoder_no_repeat_ngram_size", "exponential_decay_length_penalty", "finetuning_task", "forced_bos_token_id"],
  ...["forced_eos_token_id", "id2label", "is_decoder", "is_encoder_decoder", "label2id", "length_penalty"],
  ...["max_length", "min_length", "no_repeat_ngram_size", "num_beam_groups", "num_beams", "num_return_sequences"],
  ...["output_attentions", "output_hidden_states", "output_scores", "prefix", "problem_type", "pruned_heads"],
  ...["remove_invalid_values", "repetition_penalty", "return_dict", "return_dict_in_generate", "suppress_tokens"],
  ...["task_specific_params", "temperature", "tf_legacy_loss", "tie_encoder_decoder", "tie_word_embeddings"],
  ...["tokenizer_class", "top_k", "top_p", "torchscript", "transformers_version", "typical_p", "use_bfloat16"],
];
