import { expect, test } from "vitest";
import { gpt2Sizes, readGpt2Config } from "./config.ts";

test("readGpt2Config() of the published config.json is its row of the table", () => {
  const { config, unknownKeys } = readGpt2Config({
    activation_function: "gelu_new",
    attn_pdrop: 0.1,
    layer_norm_epsilon: 1e-5,
    model_type: "gpt2",
    n_ctx: 1024,
    n_embd: 768,
    n_head: 12,
    n_layer: 12,
    n_positions: 1024,
    vocab_size: 50257,
    initializer_range: 0.02,
    summary_type: "cls_index",
    task_specific_params: { "text-generation": { max_length: 50 } },
  });

  expect(config).toEqual(gpt2Sizes.gpt2.config);
  expect(unknownKeys).toEqual([]);
});
