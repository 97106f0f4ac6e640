import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

const largestWrite = 2 ** 30;

/**
 * Writes a file beside its place, forces it to the disk and renames it: whoever opens `path` at any instant, even after
 * a crash, finds the old file or the whole new one. Folders that lead to it are made.
 */
export function writeAtomically(path: string, write: (append: (bytes: Uint8Array) => void) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  const file = openSync(draft, "w");
  try {
    try {
      write((bytes) => appendAll(file, bytes));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

function appendAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, Math.min(bytes.length - at, largestWrite));
}

/** A rename is on the disk only when its folder is; Windows knows no such thing. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
