import { expect, test } from "vitest";
import { olmoSizes, readOlmoConfig } from "./config.ts";

test("readOlmoConfig() reads the authors' config.json and the port's as the same row of the table", () => {
  const original = readOlmoConfig({
    model_type: "hf_olmo",
    activation_type: "swiglu",
    alibi: false,
    attention_layer_norm: false,
    rope: true,
    block_type: "sequential",
    bias_for_layer_norm: false,
    clip_qkv: null,
    d_model: 4096,
    embedding_size: 50304,
    include_bias: false,
    layer_norm_type: "default",
    layer_norm_with_affine: false,
    max_sequence_length: 2048,
    mlp_hidden_size: 22016,
    mlp_ratio: 4,
    multi_query_attention: false,
    n_heads: 32,
    n_layers: 32,
    vocab_size: 50280,
    weight_tying: false,
    rope_full_precision: true,
    init_device: "cpu",
  });
  const port = readOlmoConfig({
    model_type: "olmo",
    clip_qkv: null,
    hidden_act: "silu",
    hidden_size: 4096,
    intermediate_size: 11008,
    max_position_embeddings: 2048,
    num_attention_heads: 32,
    num_hidden_layers: 32,
    num_key_value_heads: 32,
    rope_scaling: null,
    rope_theta: 10000.0,
    tie_word_embeddings: false,
    vocab_size: 50304,
  });

  expect(original).toEqual({ config: olmoSizes["olmo-7b"].config, unknownKeys: [] });
  expect(port).toEqual(original);
});
