import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { AssayError } from "#base";
import { openSafetensors } from "../safetensors/read-file.ts";
import { openShards } from "../safetensors/shard-index.ts";
import { Checkpoint, type CheckpointContents } from "./checkpoint.ts";

/** What a folder may hold, the most trusted first. */
const wellKnown = ["model.safetensors", "model.safetensors.index.json", "adapter_model.safetensors"];

/**
 * Opens the tensors of a file or a Hugging Face folder: names, shapes and metadata now, values when they are read.
 *
 * @throws AssayError CHECKPOINT_MISSING when there is none, CHECKPOINT_INVALID when it is damaged
 * @example using checkpoint = openCheckpoint("./folder"); checkpoint.read("lm_head.weight")
 */
export function openCheckpoint(path: string): Checkpoint {
  return new Checkpoint(contentsOf(checkpointFile(path)));
}

function contentsOf(file: string): CheckpointContents {
  if (file.endsWith(".index.json")) return openShards(file);
  const { tensors, metadata, file: opened } = openSafetensors(file);
  return { path: file, tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata, files: [opened] };
}

function checkpointFile(path: string): string {
  if (!existsSync(path)) throw missing(path, "found nothing");
  if (!statSync(path).isDirectory()) return path;
  const known = wellKnown.map((name) => join(path, name)).find((file) => existsSync(file));
  if (known !== undefined) return known;
  const files = readdirSync(path).filter((name) => name.endsWith(".safetensors"));
  if (files.length === 1) return join(path, files[0]!);
  throw missing(
    path,
    files.length === 0 ? "found none" : `found ${files.join(", ")}; name one of them, or add an index`,
  );
}

const missing = (path: string, got: string): AssayError =>
  new AssayError("CHECKPOINT_MISSING", `checkpoint: Expected ${wellKnown.join(" or ")} at ${path}, ${got}`);
