import { createHash } from "node:crypto";
import { closeSync, type Dirent, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { AssayError } from "#base";
import { writeAtomically } from "./draft-file.ts";

/** The text of a file, in UTF-8. @throws AssayError FILE_MISSING */
export function readTextFile(path: string): string {
  return reading(path, "a file", () => readFileSync(path, "utf8"));
}

/** Writes a text in UTF-8, atomically, and the folders that lead to it. */
export function writeTextFile(path: string, text: string): void {
  writeAtomically(path, (append) => append(Buffer.from(text)));
}

/** The first of several paths that is a file, or undefined. */
export function firstFile(paths: readonly string[]): string | undefined {
  return paths.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** A file as a folder lists it. */
export interface ListedFile {
  /** Relative to the folder, with forward slashes. */
  readonly name: string;
  readonly bytes: number;
}

/** Every visible file below a folder, sorted by name. @throws AssayError FILE_MISSING */
export function listFolder(folder: string, { followLinks = false } = {}): ListedFile[] {
  const entries = reading(folder, "a folder", () => readdirSync(folder, { recursive: true, withFileTypes: true }));
  return entries
    .filter((entry) => entry.isFile() || (followLinks && entry.isSymbolicLink() && leadsToFile(entry)))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(folder, path).replaceAll("\\", "/"), bytes: statSync(path).size }))
    .filter(({ name }) => !/(^|\/)\./.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** SHA-256 of a file's bytes, read in pieces, in hexadecimal. @throws AssayError FILE_MISSING */
export function hashFile(path: string): string {
  return reading(path, "a file", () => {
    const hash = createHash("sha256");
    const file = openSync(path, "r");
    try {
      const piece = Buffer.allocUnsafe(2 ** 18);
      for (let bytes = readSync(file, piece); bytes > 0; bytes = readSync(file, piece)) {
        hash.update(piece.subarray(0, bytes));
      }
    } finally {
      closeSync(file);
    }
    return hash.digest("hex");
  });
}

const leadsToFile = ({ parentPath, name }: Dirent): boolean =>
  statSync(join(parentPath, name), { throwIfNoEntry: false })?.isFile() ?? false;

function reading<T>(path: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === "ENOENT" ? "found none" : `got ${(cause as Error).message}`;
    throw new AssayError("FILE_MISSING", `read: Expected ${what} at ${path}, ${reason}`, { cause });
  }
}
