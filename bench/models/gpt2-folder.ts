/** A random GPT-2 of the smallest published size as a Hugging Face folder, float32, for benchmarks. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sizeOf, stream, zeros } from "#base";
import { leavesOf } from "#engine";
import { writeSafetensors } from "#formats";
import { families, type StoredWeight } from "#models";

/** 124 million parameters, 498 MB. */
const settings = {
  architectures: ["GPT2LMHeadModel"],
  model_type: "gpt2",
  vocab_size: 50_257,
  n_positions: 1024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
  activation_function: "gelu_new",
  layer_norm_epsilon: 1e-5,
  bos_token_id: 50_256,
  eos_token_id: 50_256,
  torch_dtype: "float32",
};

const miniature = join(import.meta.dirname, "../../miniatures/atlas");

/** Writes the folder unless it is there; its tokenizer is mini:atlas's, whose ids are the first of its vocabulary. */
export function gpt2Folder(folder: string): string {
  if (existsSync(join(folder, "config.json"))) return folder;
  mkdirSync(folder, { recursive: true });
  const { config } = families.gpt2.readConfig(settings);
  const weights = [...leavesOf<StoredWeight>(families.gpt2.weights(config, { has: () => false })).values()];
  const sources = weights.map(({ name, shape }) => ({
    name,
    shape,
    storage: "F32" as const,
    load: () => drawn(name, shape),
  }));
  writeSafetensors(join(folder, "model.safetensors"), sources, { metadata: { format: "pt" } });
  for (const name of ["tokenizer.json", "tokenizer_config.json"])
    copyFileSync(join(miniature, name), join(folder, name));
  writeFileSync(join(folder, "config.json"), JSON.stringify(settings));
  return folder;
}

function drawn(name: string, shape: readonly number[]) {
  const random = stream(0, `bench/gpt2/${name}`);
  const tensor = zeros(shape);
  const one = name.endsWith("bias") ? 0 : 1;
  for (let at = 0; at < sizeOf(shape); at++) tensor.data[at] = shape.length === 1 ? one : 0.07 * (random.next() - 0.5);
  return tensor;
}
