/** A place that a user names: a repository with its history, or an unpacked archive without one. */
import { basename, resolve } from "node:path";
import { AssayError, hashOf } from "#base";
import { folderSnapshot } from "#formats/git";
import type { Repository } from "../repository.ts";
import { openLocalRepository } from "./local-repository.ts";

/**
 * Opens a repository of the user's. A folder without `.git` still has files, from which two tasks make items.
 *
 * @throws AssayError GIT_UNSUPPORTED, GIT_REVISION_UNKNOWN; FILE_MISSING for a place that is no folder
 */
export function openPlace(path: string): Repository {
  try {
    return openLocalRepository(path);
  } catch (error) {
    if ((error as { code?: string }).code === "GIT_MISSING") return folderRepository(path);
    throw error;
  }
}

const noHistory =
  "no .git, as in an archive: no commits, so bug-localization, commit-messages, code-completion and ci-repair have no items; clone it with its history";

function folderRepository(path: string): Repository {
  const name = basename(resolve(path));
  const files = folderSnapshot(path);
  return {
    name: `local__${name}`,
    head: "now",
    notes: [`${name}: ${noHistory}`],
    identity: hashOf(files.map((file) => [file.path, file.content])),
    commits: async () => [],
    changes: async () => [],
    files: async () => files,
    write: () => {
      throw new AssayError("GIT_MISSING", `long-code-arena: ${path} has no commits whose files could be written`);
    },
  };
}
