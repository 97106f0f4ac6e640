import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { AssayError } from "#base";
import { bytesAt } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { openPytorch } from "../pytorch/read-file.ts";
import { openSafetensors } from "../safetensors/read-file.ts";
import { openShards } from "../safetensors/shard-index.ts";
import { Checkpoint, type CheckpointContents } from "./checkpoint.ts";
import type { OpenedTensors } from "./stored-tensor.ts";

/** What a folder may hold, the most trusted first. */
const wellKnown = [
  "model.safetensors",
  "model.safetensors.index.json",
  "adapter_model.safetensors",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
  "adapter_model.bin",
];
const suffixes = [".safetensors", ".bin", ".pt", ".pth", ".ckpt"];

/**
 * Opens the tensors of a file or a Hugging Face folder, safetensors before PyTorch's own files: names, shapes and
 * metadata now, values when they are read.
 *
 * @throws AssayError CHECKPOINT_MISSING when there is none, CHECKPOINT_INVALID or PICKLE_REFUSED when it is no such file
 * @example using checkpoint = openCheckpoint("./folder"); checkpoint.read("lm_head.weight")
 */
export function openCheckpoint(path: string): Checkpoint {
  return new Checkpoint(contentsOf(checkpointFile(path)));
}

function contentsOf(file: string): CheckpointContents {
  if (file.endsWith(".index.json")) return openShards(file, openTensors);
  const { tensors, metadata, file: opened } = openTensors(file);
  return { path: file, tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata, files: [opened] };
}

/**
 * Opens one file of tensors, by its first bytes, whatever the file is called. A safetensors file begins with the length of its header, whose upper
 * half is zero; a ZIP archive or a pickle, read as such a length, is far beyond any file.
 */
export function openTensors(path: string): OpenedTensors {
  const file = new RangedFile(path);
  const start = file.size >= 8 ? bytesAt(file, 0, 8) : new Uint8Array(8);
  file.close();
  const isLength = start.subarray(4).every((byte) => byte === 0);
  const isPytorch = (start[0] === 0x50 && start[1] === 0x4b) || start[0] === 0x80;
  return isPytorch && !isLength ? openPytorch(path) : openSafetensors(path);
}

function checkpointFile(path: string): string {
  if (!existsSync(path)) throw missing(path, "found nothing");
  if (!statSync(path).isDirectory()) return path;
  const known = wellKnown.map((name) => join(path, name)).find((file) => existsSync(file));
  if (known !== undefined) return known;
  const names = readdirSync(path);
  const files = suffixes
    .map((suffix) => names.filter((name) => name.endsWith(suffix)))
    .find((group) => group.length > 0);
  if (files?.length === 1) return join(path, files[0]!);
  throw missing(
    path,
    files === undefined ? "found none" : `found ${files.join(", ")}; name one of them, or add an index`,
  );
}

const missing = (path: string, got: string): AssayError =>
  new AssayError("CHECKPOINT_MISSING", `checkpoint: Expected ${wellKnown.join(" or ")} at ${path}, ${got}`);
