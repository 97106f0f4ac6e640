import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AssayError } from "#base";
import { copyFile, makeFolder } from "../files/folder.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { type ChecksumPlace, isZip, rightChecksums } from "../files/zip-checksums.ts";
import { openTensors } from "./open-checkpoint.ts";
import { byteLengthOf, type OpenedTensors, type StoredTensor } from "./stored-tensor.ts";

/**
 * Copies a file of tensors, safetensors or PyTorch's, with other values for some of them: order, padding and every other
 * byte stay as they are but the checksums of an archive, so that putting the old values back gives the old file.
 *
 * @throws AssayError CHECKPOINT_INVALID, CHECKPOINT_UNSUPPORTED for a tensor that lies in pieces, TENSOR_MISSING,
 *   SHAPE_MISMATCH for values of another length
 */
export function copyWithValues(from: string, to: string, values: ReadonlyMap<string, Uint8Array>): void {
  makeFolder(dirname(to));
  using file = closing(openTensors(from));
  const places = [...values.keys()].map((name) => placeOf(name, file));
  const checksums = isZip(file.file) ? rightChecksums(file.file, places) : [];
  for (const place of places) expectLength(place, values.get(place.name)!);
  const draft = `${to}.${process.pid}.draft`;
  try {
    copyFile(from, draft);
    overwriteAt(draft, (write) => {
      for (const { name, position } of places) write(values.get(name)!, position);
    });
    if (checksums.length > 0) mendChecksums(draft, checksums);
    renameSync(draft, to);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

const closing = (opened: OpenedTensors): OpenedTensors & Disposable => ({
  ...opened,
  [Symbol.dispose]: () => opened.file.close(),
});

interface Place {
  readonly name: string;
  readonly position: number;
  readonly length: number;
}

function placeOf(name: string, { file, tensors }: OpenedTensors): Place {
  const found = tensors.find((tensor) => tensor.name === name);
  if (found === undefined) throw new AssayError("TENSOR_MISSING", `checkpoint: ${file.path} has no tensor "${name}"`);
  if (found.file === file) return { name, position: found.position, length: byteLengthOf(found) };
  throw inPieces(found);
}

function inPieces({ name, file }: StoredTensor): AssayError {
  const claim = `Expected the numbers of "${name}" one behind the other in ${file.path}, got a view of others`;
  return new AssayError("CHECKPOINT_UNSUPPORTED", `checkpoint: ${claim}; write the folder anew as safetensors first`);
}

function expectLength({ name, length }: Place, bytes: Uint8Array): void {
  if (bytes.length === length) return;
  const claim = `Expected ${length} bytes for "${name}", got ${bytes.length}`;
  throw new AssayError("SHAPE_MISMATCH", `checkpoint: ${claim}`);
}

function mendChecksums(path: string, checksums: readonly ChecksumPlace[]): void {
  const file = new RangedFile(path);
  const current = checksums.map(({ positions, compute }) => ({ positions, bytes: compute(file) }));
  file.close();
  overwriteAt(path, (write) => {
    for (const { positions, bytes } of current) for (const position of positions) write(bytes, position);
  });
}

/** Writes over parts of a file, and returns when they are on the disk. */
function overwriteAt(path: string, fill: (write: (bytes: Uint8Array, position: number) => void) => void): void {
  const target = openSync(path, "r+");
  try {
    fill((bytes, position) => {
      for (let at = 0; at < bytes.length; ) at += writeSync(target, bytes, at, bytes.length - at, position + at);
    });
    fsyncSync(target);
  } finally {
    closeSync(target);
  }
}
