import { copyFileSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { writeAtomically } from "../files/draft-file.ts";
import type { HubSettings } from "./hub-settings.ts";
import type { HubSource } from "./hub-source.ts";

/** The folders of one repository in the cache that all Hugging Face libraries share. */
export interface RepositoryCache {
  readonly folder: string;
  /** Beside the repositories, so that clearing one does not free its locks. */
  readonly locks: string;
}

/** Source   huggingface_hub, "Understand caching" */
export function repositoryCache({ cacheFolder }: HubSettings, { name, kind }: HubSource): RepositoryCache {
  const own = `${kind ?? "model"}s--${name.replaceAll("/", "--")}`;
  return { folder: join(cacheFolder, own), locks: join(cacheFolder, ".locks", own) };
}

/** Where the files of a commit appear under their own names. */
export const snapshotFolder = ({ folder }: RepositoryCache, commit: string): string =>
  join(folder, "snapshots", commit);

/** Where a file's bytes lie. */
export const blobPath = ({ folder }: RepositoryCache, etag: string): string => join(folder, "blobs", etag);

/** The commit that a revision stood for when it was last fetched. */
export function cachedCommit({ folder }: RepositoryCache, revision: string): string | undefined {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const path = join(folder, "refs", revision);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

/** Remembers what a branch or tag stands for. */
export function recordCommit({ folder }: RepositoryCache, revision: string, commit: string): void {
  if (revision === commit) return;
  const path = join(folder, "refs", revision);
  mkdirSync(dirname(path), { recursive: true });
  writeAtomically(path, (append) => append(Buffer.from(commit)));
}

/** Lets a blob appear under its name: a relative link, or a copy where links are not to be had. */
export function linkSnapshot(
  cache: RepositoryCache,
  { commit, path, etag }: { commit: string; path: string; etag: string },
): void {
  const place = join(snapshotFolder(cache, commit), path);
  const blob = blobPath(cache, etag);
  mkdirSync(dirname(place), { recursive: true });
  if (lstatSync(place, { throwIfNoEntry: false }) !== undefined && existsSync(place)) return;
  const draft = `${place}.${process.pid}.draft`;
  rmSync(draft, { force: true });
  try {
    symlinkSync(relative(dirname(place), blob), draft);
  } catch {
    copyFileSync(blob, draft);
  }
  renameSync(draft, place);
}
