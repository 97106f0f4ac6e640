import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { AssayError, sha256 } from "#base";
import { explaining } from "./sqlite-errors.ts";

/** Where the artefact of a hash lies; two levels, so that no folder grows large. */
export function artefactPath(folder: string, hash: string): string {
  return join(folder, "artefacts", hash.slice(0, 2), hash);
}

/** Stores bytes under their content hash and returns it; what is there already is not written again. */
export function putArtefact(folder: string, bytes: Uint8Array): string {
  const hash = sha256(bytes);
  const path = artefactPath(folder, hash);
  if (!existsSync(path)) explaining(path, () => writeWhole(path, bytes));
  return hash;
}

function writeWhole(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  // Written beside its place and renamed: a killed process leaves a stray file, never half an artefact.
  const draft = `${path}.${process.pid}.draft`;
  const file = openSync(draft, "w");
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** Reads an artefact and checks it. @throws AssayError ARTEFACT_MISSING, ARTEFACT_DAMAGED */
export function getArtefact(folder: string, hash: string): Uint8Array {
  const path = artefactPath(folder, hash);
  if (!existsSync(path)) throw new AssayError("ARTEFACT_MISSING", `store: Expected an artefact at ${path}, found none`);
  const bytes = readFileSync(path);
  if (sha256(bytes) !== hash) {
    throw new AssayError(
      "ARTEFACT_DAMAGED",
      `store: The artefact at ${path} no longer has the content of its name; move it aside and resume`,
    );
  }
  return bytes;
}
