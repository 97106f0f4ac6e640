import { expect, test } from "vitest";
import { readLlamaConfig } from "./config.ts";
import { llamaSizes } from "./sizes.ts";

/** What published config.json files say, as far as it decides what is computed. */
const published: readonly (readonly [keyof typeof llamaSizes, object])[] = [
  [
    "llama-2-7b",
    {
      model_type: "llama",
      hidden_act: "silu",
      hidden_size: 4096,
      intermediate_size: 11008,
      pretraining_tp: 1,
      max_position_embeddings: 4096,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 32,
      rms_norm_eps: 1e-5,
      rope_scaling: null,
      tie_word_embeddings: false,
      vocab_size: 32000,
    },
  ],
  [
    "llama-3.2-1b",
    {
      model_type: "llama",
      attention_bias: false,
      head_dim: 64,
      hidden_size: 2048,
      intermediate_size: 8192,
      max_position_embeddings: 131072,
      mlp_bias: false,
      num_attention_heads: 32,
      num_hidden_layers: 16,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-5,
      rope_theta: 500000.0,
      tie_word_embeddings: true,
      vocab_size: 128256,
      rope_scaling: {
        factor: 32.0,
        high_freq_factor: 4.0,
        low_freq_factor: 1.0,
        rope_type: "llama3",
        original_max_position_embeddings: 8192,
      },
    },
  ],
  [
    "mistral-7b-v0.1",
    {
      model_type: "mistral",
      hidden_act: "silu",
      hidden_size: 4096,
      intermediate_size: 14336,
      max_position_embeddings: 32768,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-5,
      rope_theta: 10000.0,
      sliding_window: 4096,
      vocab_size: 32000,
    },
  ],
  [
    "qwen2-0.5b",
    {
      model_type: "qwen2",
      hidden_act: "silu",
      hidden_size: 896,
      intermediate_size: 4864,
      max_window_layers: 24,
      max_position_embeddings: 131072,
      num_attention_heads: 14,
      num_hidden_layers: 24,
      num_key_value_heads: 2,
      rms_norm_eps: 1e-6,
      rope_theta: 1000000.0,
      sliding_window: 131072,
      tie_word_embeddings: true,
      use_sliding_window: false,
      vocab_size: 151936,
    },
  ],
  [
    "gemma-2b",
    {
      model_type: "gemma",
      head_dim: 256,
      hidden_act: "gelu",
      hidden_size: 2048,
      intermediate_size: 16384,
      max_position_embeddings: 8192,
      num_attention_heads: 8,
      num_hidden_layers: 18,
      num_key_value_heads: 1,
      rms_norm_eps: 1e-6,
      rope_theta: 10000.0,
      vocab_size: 256000,
      rope_scaling: null,
    },
  ],
  [
    "gemma-2-2b",
    {
      model_type: "gemma2",
      attention_bias: false,
      attn_logit_softcapping: 50.0,
      cache_implementation: "hybrid",
      final_logit_softcapping: 30.0,
      head_dim: 256,
      hidden_act: "gelu_pytorch_tanh",
      hidden_size: 2304,
      hidden_activation: "gelu_pytorch_tanh",
      intermediate_size: 9216,
      max_position_embeddings: 8192,
      num_attention_heads: 8,
      num_hidden_layers: 26,
      num_key_value_heads: 4,
      query_pre_attn_scalar: 256,
      rms_norm_eps: 1e-6,
      rope_theta: 10000.0,
      sliding_window: 4096,
      vocab_size: 256000,
    },
  ],
  [
    "qwen3-0.6b",
    {
      model_type: "qwen3",
      attention_bias: false,
      head_dim: 128,
      hidden_act: "silu",
      hidden_size: 1024,
      intermediate_size: 3072,
      max_position_embeddings: 40960,
      max_window_layers: 28,
      num_attention_heads: 16,
      num_hidden_layers: 28,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-6,
      rope_scaling: null,
      rope_theta: 1000000,
      sliding_window: null,
      tie_word_embeddings: true,
      use_sliding_window: false,
      vocab_size: 151936,
    },
  ],
];

test.each(published)("readLlamaConfig() of %s's published config.json is its row of the table", (name, json) => {
  const { config, unknownKeys } = readLlamaConfig(json as never);

  expect(config).toEqual(llamaSizes[name].config);
  expect(unknownKeys).toEqual([]);
});

test("readLlamaConfig() reads the rotary settings of transformers 5", () => {
  const [, json] = published[1]!;
  const { rope_theta, rope_scaling, ...rest } = json as Record<string, unknown>;

  const { config } = readLlamaConfig({ ...rest, rope_parameters: { ...(rope_scaling as object), rope_theta } });

  expect(config).toEqual(llamaSizes["llama-3.2-1b"].config);
});

test.each([
  ["gemma2", { layer_types: ["full_attention", "sliding_attention"] }, "layer_types"],
  ["qwen3", { use_sliding_window: true }, "use_sliding_window"],
  ["gemma", { attn_logit_softcapping: 50 }, "attn_logit_softcapping"],
])("readLlamaConfig() refuses a %s with %o by the key's name", (type, changes, key) => {
  const small = {
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    vocab_size: 64,
  };

  const read = () => readLlamaConfig({ ...small, model_type: type, ...changes });

  expect(read).toThrow(`"${key}"`);
});
