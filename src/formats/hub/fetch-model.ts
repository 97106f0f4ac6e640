import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { AssayError } from "#base";
import { listFolder } from "../files/text-file.ts";
import { namedFiles, neededFiles } from "./choose-files.ts";
import { downloadFile, type HubEvent } from "./download-file.ts";
import { withFileLock } from "./file-lock.ts";
import {
  blobPath,
  cachedCommit,
  linkSnapshot,
  type RepositoryCache,
  recordCommit,
  repositoryCache,
  snapshotFolder,
} from "./hub-cache.ts";
import { type HubAccess, type HubFile, type HubListing, listRepository } from "./hub-client.ts";
import { type HubEnvironment, hubSettings } from "./hub-settings.ts";
import { type HubSource, parseHubSource } from "./hub-source.ts";

/** What to fetch, from where, and who wants to know. */
export interface FetchModelOptions {
  /** `needed` (default): configuration, tokenizer and weights; `all`; names in which `*` stands for anything; or a choice. */
  readonly files?: "needed" | "all" | readonly string[] | ((path: string) => boolean);
  /** The variables to read; those of the process by default. */
  readonly environment?: HubEnvironment;
  readonly signal?: AbortSignal;
  onEvent?(event: HubEvent): void;
}

/** A model of the hub on this machine. */
export interface FetchedModel {
  readonly name: string;
  readonly revision: string;
  /** What the revision stood for: with it the same model can be had again. */
  readonly commit: string;
  readonly folder: string;
  /** The files that were asked for, relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Brings a model of the hub into the cache that all Hugging Face libraries share, and says where it is.
 *
 * @throws AssayError HUB_DENIED, HUB_REPOSITORY_MISSING, HUB_REVISION_MISSING, HUB_FILE_MISSING, HUB_CHECKSUM,
 * HUB_INTERRUPTED, HUB_UNREACHABLE, HUB_OFFLINE
 * @example const { folder, commit } = await fetchModel("hf:openai-community/gpt2")
 */
export async function fetchModel(text: string, options: FetchModelOptions = {}): Promise<FetchedModel> {
  return fetchRepository(parseHubSource(text), options);
}

/**
 * Brings files of a data set of the hub into the same cache.
 *
 * @throws AssayError as fetchModel()
 * @example const { folder, files } = await fetchDataSet("hf:org/name", { files: (path) => path.endsWith(".parquet") })
 */
export async function fetchDataSet(text: string, options: FetchModelOptions = {}): Promise<FetchedModel> {
  return fetchRepository({ ...parseHubSource(text), kind: "dataset" }, options);
}

async function fetchRepository(source: HubSource, options: FetchModelOptions): Promise<FetchedModel> {
  const settings = hubSettings(options.environment);
  const cache = repositoryCache(settings, source);
  const access = { source, settings, ...(options.signal ? { signal: options.signal } : {}) };
  if (settings.offline) return fromCache(access, cache, "HF_HUB_OFFLINE is set");
  let listing: HubListing;
  try {
    listing = await listRepository(access);
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== "HUB_UNREACHABLE" || !isCached(access, cache)) throw error;
    options.onEvent?.({ type: "hub-absent", reason: error.message });
    return fromCache(access, cache, error.message);
  }
  return fetchListed(listing, { access, cache, options });
}

interface Fetching {
  readonly access: HubAccess;
  readonly cache: RepositoryCache;
  readonly options: FetchModelOptions;
}

async function fetchListed({ commit, files }: HubListing, fetching: Fetching): Promise<FetchedModel> {
  const { access, cache, options } = fetching;
  const chosen = chosenFiles(files, options.files ?? "needed");
  for (const file of chosen) {
    await fetchFile(file, commit, fetching);
    linkSnapshot(cache, { commit, path: file.path, etag: file.etag });
  }
  recordCommit(cache, access.source.revision, commit);
  return { ...access.source, commit, folder: snapshotFolder(cache, commit), files: chosen.map(({ path }) => path) };
}

function chosenFiles(files: readonly HubFile[], wanted: NonNullable<FetchModelOptions["files"]>): readonly HubFile[] {
  if (wanted === "all") return files;
  if (typeof wanted === "function") return files.filter(({ path }) => wanted(path));
  const paths = files.map(({ path }) => path);
  const chosen = new Set(wanted === "needed" ? neededFiles(paths) : namedFiles(paths, wanted));
  return files.filter(({ path }) => chosen.has(path));
}

async function fetchFile(file: HubFile, commit: string, { access, cache, options }: Fetching): Promise<void> {
  const report = (event: HubEvent) => options.onEvent?.(event);
  const target = blobPath(cache, file.etag);
  const isThere = () => statSync(target, { throwIfNoEntry: false })?.size === file.bytes;
  let cached = isThere();
  if (!cached) {
    const lock = join(cache.locks, `${file.etag}.assay.lock`);
    await withFileLock(
      lock,
      async () => {
        cached = isThere(); // another process may have fetched it while this one waited
        if (!cached) await downloadFile(file, { access, commit, target, report });
      },
      options.signal,
    );
  }
  report({ type: "file-end", path: file.path, bytes: file.bytes, cached });
}

function isCached({ source }: HubAccess, cache: RepositoryCache): boolean {
  const commit = cachedCommit(cache, source.revision);
  return commit !== undefined && existsSync(snapshotFolder(cache, commit));
}

function fromCache(access: HubAccess, cache: RepositoryCache, reason: string): FetchedModel {
  const { source } = access;
  const commit = cachedCommit(cache, source.revision);
  if (commit === undefined || !isCached(access, cache)) {
    const expected = `Expected ${source.name}@${source.revision} in ${access.settings.cacheFolder}, found none`;
    throw new AssayError("HUB_OFFLINE", `hub: ${expected}, and ${reason}; fetch it once with the network`);
  }
  const folder = snapshotFolder(cache, commit);
  return { ...source, commit, folder, files: snapshotFiles(folder) };
}

/** Links count as the files that they lead to. */
function snapshotFiles(folder: string): string[] {
  return listFolder(folder, { followLinks: true }).map(({ name }) => name);
}
