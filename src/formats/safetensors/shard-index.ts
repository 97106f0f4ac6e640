import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { AssayError } from "#base";
import type { CheckpointContents } from "../checkpoints/checkpoint.ts";
import type { OpenedTensors, StoredTensor } from "../checkpoints/stored-tensor.ts";
import { refuseDuplicateKeys } from "./unique-keys.ts";

/** Tensor name → the file it lies in, beside the index. */
export type WeightMap = Readonly<Record<string, string>>;

/**
 * Opens every shard that an index (`model.safetensors.index.json`, `pytorch_model.bin.index.json`) names.
 *
 * @throws AssayError CHECKPOINT_INVALID, FILE_MISSING
 */
export function openShards(indexPath: string, open: (path: string) => OpenedTensors): CheckpointContents {
  const weightMap = readWeightMap(indexPath);
  const shards = new Map<string, OpenedTensors>();
  try {
    for (const name of new Set(Object.values(weightMap))) {
      shards.set(name, open(join(dirname(indexPath), name)));
    }
    const tensors = listed(weightMap, { shards, indexPath });
    const metadata = Object.assign({}, ...shards.values().map((shard) => shard.metadata)) as Record<string, string>;
    return { path: dirname(indexPath), tensors, metadata, files: [...shards.values()].map(({ file }) => file) };
  } catch (error) {
    for (const { file } of shards.values()) file.close();
    throw error;
  }
}

/** The tensors that the index names, in file order; what it does not name stays hidden, as in transformers. */
function listed(
  weightMap: WeightMap,
  { shards, indexPath }: { shards: ReadonlyMap<string, OpenedTensors>; indexPath: string },
): ReadonlyMap<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const [shard, { tensors: inside }] of shards) {
    for (const tensor of inside) if (weightMap[tensor.name] === shard) tensors.set(tensor.name, tensor);
  }
  const lost = Object.keys(weightMap).find((name) => !tensors.has(name));
  if (lost === undefined) return tensors;
  const expected = `Expected "${lost}" in ${weightMap[lost]}, found none`;
  throw new AssayError(
    "CHECKPOINT_INVALID",
    `safetensors: ${expected}; ${basename(indexPath)} and the shards disagree`,
  );
}

/** Parses the index. Shard names are plain file names: a path could lead out of the folder. */
export function readWeightMap(indexPath: string): WeightMap {
  const fault = (claim: string): AssayError =>
    new AssayError("CHECKPOINT_INVALID", `safetensors: Expected a weight_map in ${indexPath}, got ${claim}`);
  const text = readFileSync(indexPath, "utf8");
  let parsed: { weight_map?: unknown } | null;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw fault(`"${(error as Error).message}"`);
  }
  refuseDuplicateKeys(text, "safetensors");
  const weightMap = parsed?.weight_map;
  if (typeof weightMap !== "object" || weightMap === null || Array.isArray(weightMap)) throw fault("none");
  for (const [name, shard] of Object.entries(weightMap)) {
    if (typeof shard !== "string" || shard !== basename(shard) || shard.includes("\\") || /^\.*$/.test(shard)) {
      throw fault(`${typeof shard === "string" ? JSON.stringify(shard) : "no text"} as the file of "${name}"`);
    }
  }
  return weightMap as WeightMap;
}
