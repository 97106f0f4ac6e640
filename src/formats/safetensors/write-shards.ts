import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AssayError } from "#base";
import { byteLengthOf } from "../checkpoints/stored-tensor.ts";
import { writeAtomically } from "../files/draft-file.ts";
import { inFileOrder, type TensorSource, type WriteOptions, writeSafetensors } from "./write-file.ts";

/** How a folder of tensors is written. */
export interface WriteCheckpointOptions extends WriteOptions {
  /** Tensors are spread over files of at most this many bytes; one larger tensor still makes one file. Default 5 GB. */
  readonly maxShardBytes?: number;
  /** Replaces the checkpoint that lies there. */
  readonly overwrite?: boolean;
}

const single = "model.safetensors";
const index = "model.safetensors.index.json";
const ownFile = /^model(-\d{5}-of-\d{5})?\.safetensors(\.index\.json)?$/;

/** Whether a file of a folder is one that writeCheckpoint() writes. */
export const isCheckpointFile = (name: string): boolean => ownFile.test(name);

/**
 * Writes the tensors of a Hugging Face folder: `model.safetensors`, or shards and their index when they are too large.
 *
 * @throws AssayError CHECKPOINT_EXISTS when the folder has one already and `overwrite` is not set
 */
export function writeCheckpoint(
  folder: string,
  sources: readonly TensorSource[],
  { maxShardBytes = 5e9, overwrite = false, ...options }: WriteCheckpointOptions = {},
): void {
  mkdirSync(folder, { recursive: true });
  const former = readdirSync(folder).filter(isCheckpointFile);
  if (former.length > 0 && !overwrite) {
    const advice = "choose another folder or overwrite it on purpose";
    throw new AssayError(
      "CHECKPOINT_EXISTS",
      `checkpoint: Expected no ${former[0]} in ${folder}, found one; ${advice}`,
    );
  }
  const written = writeFiles(folder, { shards: shardsOf(inFileOrder(sources), maxShardBytes), options });
  for (const name of former) if (!written.includes(name)) rmSync(join(folder, name));
}

function shardsOf(sources: readonly TensorSource[], maxBytes: number): readonly (readonly TensorSource[])[] {
  const shards: TensorSource[][] = [[]];
  let filled = 0;
  for (const source of sources) {
    const length = byteLengthOf(source);
    if (filled > 0 && filled + length > maxBytes) {
      shards.push([]);
      filled = 0;
    }
    shards.at(-1)!.push(source);
    filled += length;
  }
  return shards;
}

interface Files {
  readonly shards: readonly (readonly TensorSource[])[];
  readonly options: WriteOptions;
}

/**
 * Returns the names of the files written. Each is whole at any instant, but a former checkpoint's shards of the same
 * names are replaced one by one: what must survive a crash goes to a folder of its own.
 */
function writeFiles(folder: string, { shards, options }: Files): readonly string[] {
  if (shards.length === 1) {
    writeSafetensors(join(folder, single), shards[0]!, options);
    return [single];
  }
  const names = shards.map((_, at) => `model-${digits(at + 1)}-of-${digits(shards.length)}.safetensors`);
  for (const [at, shard] of shards.entries()) writeSafetensors(join(folder, names[at]!), shard, options);
  writeIndex(join(folder, index), names, shards);
  return [...names, index];
}

const digits = (count: number): string => String(count).padStart(5, "0");

function writeIndex(path: string, names: readonly string[], shards: Files["shards"]): void {
  const all = shards.flat();
  const pairs = shards.flatMap((shard, at) => shard.map(({ name }) => [name, names[at]!] as const));
  const content = {
    metadata: { total_size: all.reduce((sum, source) => sum + byteLengthOf(source), 0) },
    weight_map: Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  writeAtomically(path, (append) => append(Buffer.from(`${JSON.stringify(content, null, 2)}\n`)));
}
