import { expect, test } from "vitest";
import { neoxSizes, readNeoxConfig } from "./config.ts";

test("readNeoxConfig() of Pythia's published config.json is its row of the table", () => {
  const { config, unknownKeys } = readNeoxConfig({
    model_type: "gpt_neox",
    hidden_act: "gelu",
    hidden_size: 512,
    intermediate_size: 2048,
    layer_norm_eps: 1e-5,
    max_position_embeddings: 2048,
    num_attention_heads: 8,
    num_hidden_layers: 6,
    rotary_emb_base: 10000,
    rotary_pct: 0.25,
    tie_word_embeddings: false,
    use_parallel_residual: true,
    vocab_size: 50304,
  });

  expect(config).toEqual(neoxSizes["pythia-70m"].config);
  expect(unknownKeys).toEqual([]);
});
