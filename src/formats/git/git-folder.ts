import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AssayError } from "#base";

/** Where a repository keeps what it knows. */
export interface GitFolder {
  /** HEAD, and what belongs to one working tree. */
  readonly own: string;
  /** Objects and references, which several working trees may share. */
  readonly shared: string;
}

/**
 * The folder in which git keeps a repository: `.git`, what a file of that name points to, or the folder itself when it
 * is bare. Undefined for a folder that git does not know.
 *
 * @throws AssayError GIT_UNSUPPORTED for a format that is not read
 */
export function findGitFolder(folder: string): GitFolder | undefined {
  const own = [join(folder, ".git"), folder].map(pointedTo).find(isGitFolder);
  if (own === undefined) return undefined;
  const common = textOf(join(own, "commondir"));
  const shared = common === undefined ? own : resolve(own, common.trim());
  refuseUnknownFormat(shared);
  return { own, shared };
}

function pointedTo(path: string): string {
  const text = textOf(path);
  return text?.startsWith("gitdir: ") ? resolve(dirname(path), text.slice("gitdir: ".length).trim()) : path;
}

function isGitFolder(path: string): boolean {
  const has = (name: string) => statSync(join(path, name), { throwIfNoEntry: false }) !== undefined;
  return has("HEAD") && (has("objects") || has("commondir"));
}

/** The settings are read as text for two names, and nothing that they say is followed. */
function refuseUnknownFormat(folder: string): void {
  const settings = textOf(join(folder, "config")) ?? "";
  const [, hash = "sha1"] = /^\s*objectformat\s*=\s*(\w+)/im.exec(settings) ?? [];
  const [, references = "files"] = /^\s*refstorage\s*=\s*(\w+)/im.exec(settings) ?? [];
  if (hash.toLowerCase() === "sha1" && references.toLowerCase() === "files") return;
  const came = hash.toLowerCase() === "sha1" ? `references kept as ${references}` : `objects named by ${hash}`;
  const what = `git: Expected objects named by SHA-1 and references in files, got ${came} in ${folder}`;
  throw new AssayError("GIT_UNSUPPORTED", `${what}; clone it into a repository of the usual format`);
}

/** A small regular file's text, or undefined; also where its name is none that a file can have. */
export function textOf(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
