import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { AssayError } from "#base";
import { type FileText, fileText } from "./file-text.ts";
import type { Repository } from "./repository.ts";

/** One file of a state of a project. */
export interface SnapshotFile {
  readonly path: string;
  /** Null where there is no text; `reason` says why. */
  readonly content: string | null;
  readonly reason?: string;
}

/** Every file of a commit with its text. */
export function snapshotOf(repository: Repository, revision = "HEAD"): SnapshotFile[] {
  return repository.files(revision).map((file) => withText(file.path, repository.text(file)));
}

const skipped = new Set([".git", "node_modules", "__pycache__", ".venv", "venv"]);
const largestText = 2 ** 21;

/**
 * Every file of a folder that has no history, such as an unpacked archive, sorted by path; links are not followed and
 * installed packages are left out.
 *
 * @throws AssayError FILE_MISSING
 */
export function folderSnapshot(folder: string, inner = ""): SnapshotFile[] {
  return entriesOf(join(folder, inner)).flatMap((entry) => {
    const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
    if (skipped.has(entry.name)) return [];
    if (entry.isDirectory()) return folderSnapshot(folder, path);
    if (entry.isSymbolicLink()) return [withText(path, fileText({ kind: "link" }, undefined))];
    return entry.isFile() ? [withText(path, textAt(join(folder, path)))] : [];
  });
}

function textAt(path: string): FileText {
  try {
    const { size } = statSync(path);
    const found = size > largestText ? { tooLarge: size } : { kind: "blob" as const, bytes: readFileSync(path) };
    return fileText({ kind: "file" }, found);
  } catch (cause) {
    // A name that is not UTF-8 is read as another one, under which nothing is found.
    return { text: null, reason: `cannot be read: ${(cause as NodeJS.ErrnoException).code}` };
  }
}

function withText(path: string, { text, reason }: FileText): SnapshotFile {
  return { path, content: text, ...(reason === undefined ? {} : { reason }) };
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    const what = `git: Expected a folder at ${folder}, got ${(cause as Error).message}`;
    throw new AssayError("FILE_MISSING", `${what}; unpack an archive first`, { cause });
  }
}
