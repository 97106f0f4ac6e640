import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Repository } from "./repository.ts";
import type { TreeFile } from "./tree-changes.ts";

/** What was written of a commit, and what was not. */
export interface WrittenFiles {
  readonly written: number;
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/** Where files are written. */
export interface WriteFilesOptions {
  readonly folder: string;
  /** Texts that stand in the place of the commit's own; null takes a file away. */
  readonly changes?: ReadonlyMap<string, string | null>;
}

/**
 * Writes the files of a commit into a folder as git would: no filter, no hook. Symbolic links, submodules, names that
 * would leave the folder and changes that cannot be written are left out, and told.
 */
export function writeFiles(
  repository: Repository,
  revision: string,
  { folder, changes = new Map() }: WriteFilesOptions,
): WrittenFiles {
  const leftOut: { path: string; reason: string }[] = [];
  let written = 0;
  for (const file of repository.files(revision)) {
    const reason = reasonAgainst(file);
    if (reason === undefined) written += writeOne(repository, file, folder);
    else leftOut.push({ path: file.path, reason });
  }
  for (const [path, text] of changes) {
    const reason = reasonAgainst({ path, kind: "file" }) ?? reasonAfter(join(folder, path), text);
    if (reason !== undefined) leftOut.push({ path, reason });
  }
  return { written, leftOut };
}

/** Changes come from anyone: a name may be too long, or that of a folder. */
function reasonAfter(path: string, text: string | null): string | undefined {
  try {
    if (text === null) {
      rmSync(path, { force: true });
    } else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return undefined;
  } catch (error) {
    return `cannot be written: ${(error as NodeJS.ErrnoException).code}`;
  }
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

function reasonAgainst({ path, kind }: Pick<TreeFile, "path" | "kind">): string | undefined {
  if (kind === "submodule") return "a submodule, whose files are in another repository";
  if (kind === "link") return "a symbolic link";
  return path.split("/").some(isUnsafe) ? "a name that is not safe to write" : undefined;
}
