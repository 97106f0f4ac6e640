import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Repository } from "./repository.ts";
import type { TreeFile } from "./tree-changes.ts";

/** What was written of a commit, and what was not. */
export interface WrittenFiles {
  readonly written: number;
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Writes the files of a commit into a folder as git would: no filter, no hook. Symbolic links, submodules and names that
 * would leave the folder are left out, and told.
 */
export function writeFiles(repository: Repository, revision: string, { folder }: { folder: string }): WrittenFiles {
  const leftOut: { path: string; reason: string }[] = [];
  let written = 0;
  for (const file of repository.files(revision)) {
    const reason = reasonAgainst(file);
    if (reason === undefined) written += writeOne(repository, file, folder);
    else leftOut.push({ path: file.path, reason });
  }
  return { written, leftOut };
}

function writeOne(repository: Repository, file: TreeFile, folder: string): number {
  const path = join(folder, file.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, repository.bytes(file));
  if (file.kind === "executable") chmodSync(path, 0o755);
  return 1;
}

/** A tree may hold what no checkout would: `..`, `.git`, a backslash. */
const isUnsafe = (part: string): boolean => /^(\.{0,2}|\.git|git~1)$/i.test(part) || /[\\\0:]/.test(part);

function reasonAgainst({ path, kind }: TreeFile): string | undefined {
  if (kind === "submodule") return "a submodule, whose files are in another repository";
  if (kind === "link") return "a symbolic link";
  return path.split("/").some(isUnsafe) ? "a name that is not safe to write" : undefined;
}
