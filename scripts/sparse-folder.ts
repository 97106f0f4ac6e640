/** Folders shaped like models of seven billion parameters that take no disk. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sizeOf } from "#base";
import { leavesOf } from "#engine";
import { families, type StoredWeight } from "#models";

const configs: Readonly<Record<string, object>> = {
  llama: {
    model_type: "llama",
    hidden_size: 4096,
    intermediate_size: 11_008,
    num_attention_heads: 32,
    vocab_size: 32_000,
    max_position_embeddings: 4096,
    rms_norm_eps: 1e-5,
  },
  olmo: {
    model_type: "olmo",
    hidden_size: 4096,
    intermediate_size: 11_008,
    num_attention_heads: 32,
    vocab_size: 50_304,
    max_position_embeddings: 2048,
  },
};

/** A float16 checkpoint of zeros: a hole in the file, which reads as zeros and takes no disk. */
export function sparseFolder(name: string, layers = 32): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-rehearsal-"));
  const config = { ...configs[name]!, num_hidden_layers: layers };
  const family = families[name as "llama" | "olmo"];
  const plan = family.weights(family.readConfig(config as never).config, { has: () => false });
  const tensors = new Map<string, readonly number[]>();
  for (const { name: stored, shape, isTransposed } of leavesOf<StoredWeight>(plan).values()) {
    tensors.set(stored, isTransposed ? shape.toReversed() : shape);
  }
  let end = 0;
  const header = Object.fromEntries(
    [...tensors].map(([stored, shape]) => {
      const begin = end;
      end += 2 * sizeOf(shape);
      return [stored, { dtype: "F16", shape, data_offsets: [begin, end] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(join(folder, "model.safetensors"), "w");
  writeSync(file, length);
  writeSync(file, text);
  ftruncateSync(file, 8 + text.length + end);
  closeSync(file);
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  return folder;
}
