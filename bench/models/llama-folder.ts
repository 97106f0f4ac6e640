/** A random Llama as a Hugging Face folder, float32, for benchmarks. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sizeOf, stream, zeros } from "#base";
import { leavesOf } from "#engine";
import { writeSafetensors } from "#formats";
import { families, type StoredWeight } from "#models";

/** 33.9 million parameters, 136 MB. */
export const llamaSettings = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  vocab_size: 8192,
  hidden_size: 512,
  intermediate_size: 1376,
  num_hidden_layers: 8,
  num_attention_heads: 8,
  num_key_value_heads: 8,
  max_position_embeddings: 1024,
  hidden_act: "silu",
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: false,
  attention_bias: false,
  mlp_bias: false,
  bos_token_id: 1,
  eos_token_id: 2,
  torch_dtype: "float32",
};

/** Writes the folder unless it is there; `layers` makes it larger. */
export function llamaFolder(folder: string, layers = llamaSettings.num_hidden_layers): string {
  if (existsSync(join(folder, "config.json"))) return folder;
  mkdirSync(folder, { recursive: true });
  const settings = { ...llamaSettings, num_hidden_layers: layers };
  const { config } = families.llama.readConfig(settings);
  const weights = [...leavesOf<StoredWeight>(families.llama.weights(config, { has: () => false })).values()];
  const sources = weights.map(({ name, shape, isTransposed }) => ({
    name,
    shape: isTransposed ? shape.toReversed() : shape,
    storage: "F32" as const,
    load: () => drawn(name, isTransposed ? shape.toReversed() : shape),
  }));
  writeSafetensors(join(folder, "model.safetensors"), sources, { metadata: { format: "pt" } });
  writeFileSync(join(folder, "config.json"), JSON.stringify(settings));
  return folder;
}

function drawn(name: string, shape: readonly number[]) {
  const random = stream(0, `bench/llama/${name}`);
  const tensor = zeros(shape);
  const spread = 0.07; // uniform, with the deviation of a fresh model's weights
  for (let at = 0; at < sizeOf(shape); at++) tensor.data[at] = shape.length === 1 ? 1 : spread * (random.next() - 0.5);
  return tensor;
}
