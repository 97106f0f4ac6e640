import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { AssayError } from "#base";
import { byteLengthOf, type StoredTensor } from "../checkpoints/stored-tensor.ts";
import { copyFile } from "../files/folder.ts";
import { openSafetensors } from "./read-file.ts";

/**
 * Copies a safetensors file with other values for some of its tensors: header, order, padding and every other byte stay
 * as they are, so that putting the old values back gives the old file.
 *
 * @throws AssayError CHECKPOINT_INVALID, TENSOR_MISSING, SHAPE_MISMATCH for values of another length
 */
export function copyWithValues(from: string, to: string, values: ReadonlyMap<string, Uint8Array>): void {
  const { file, tensors } = openSafetensors(from);
  file.close();
  const draft = `${to}.${process.pid}.draft`;
  try {
    copyFile(from, draft);
    const target = openSync(draft, "r+");
    try {
      for (const [name, bytes] of values) overwrite(target, placeOf(name, from, tensors), bytes);
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
    renameSync(draft, to);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

interface Place {
  readonly name: string;
  readonly position: number;
  readonly length: number;
}

function placeOf(name: string, path: string, tensors: readonly StoredTensor[]): Place {
  const found = tensors.find((tensor) => tensor.name === name);
  if (found !== undefined) return { name, position: found.position, length: byteLengthOf(found) };
  throw new AssayError("TENSOR_MISSING", `safetensors: ${path} has no tensor "${name}"`);
}

function overwrite(target: number, { name, position, length }: Place, bytes: Uint8Array): void {
  if (bytes.length !== length) {
    const claim = `Expected ${length} bytes for "${name}", got ${bytes.length}`;
    throw new AssayError("SHAPE_MISMATCH", `safetensors: ${claim}`);
  }
  for (let at = 0; at < length; ) at += writeSync(target, bytes, at, length - at, position + at);
}
