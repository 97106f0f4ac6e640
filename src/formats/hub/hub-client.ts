import { datasetInfo, listFiles, modelInfo } from "@huggingface/hub";
import { AssayError } from "#base";
import { hubError, reasonOf, unreachable } from "./hub-error.ts";
import type { HubSettings } from "./hub-settings.ts";
import type { HubSource } from "./hub-source.ts";

/** A file of a repository at one commit. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 for large files, Git's SHA-1 of the blob for the others: the name of the file in the cache. */
  readonly etag: string;
  readonly checksum: "sha256" | "git";
}

/** A branch, tag or commit, resolved. */
export interface HubListing {
  readonly commit: string;
  readonly files: readonly HubFile[];
}

/** One hub for one repository. */
export interface HubAccess {
  readonly source: HubSource;
  readonly settings: HubSettings;
  readonly signal?: AbortSignal;
}

/** Resolves the revision to a commit and lists its files. @throws AssayError HUB_… */
export async function listRepository(access: HubAccess): Promise<HubListing> {
  try {
    return await listed(access);
  } catch (error) {
    if (error instanceof AssayError || access.signal?.aborted) throw error;
    throw strange(access, `"${reasonOf(error)}"`); // no JSON: another kind of server, or a login page before it
  }
}

async function listed(access: HubAccess): Promise<HubListing> {
  const { source, settings } = access;
  const common = { hubUrl: settings.endpoint, fetch: hubFetch(access) };
  const asked = { name: source.name, revision: source.revision, additionalFields: ["sha" as const], ...common };
  const { sha: commit } = await (source.kind === "dataset" ? datasetInfo(asked) : modelInfo(asked));
  if (typeof commit !== "string" || !/^[0-9a-f]{40}$/.test(commit)) throw strange(access, `the commit ${commit}`);
  const files: HubFile[] = [];
  const entries = listFiles({
    repo: { type: source.kind ?? "model", name: source.name },
    revision: commit,
    recursive: true,
    ...common,
  });
  for await (const { type, path, size, oid, lfs } of entries) {
    if (type === "file")
      files.push(checked(access, { path, bytes: size, etag: lfs?.oid ?? oid ?? "", checksum: lfs ? "sha256" : "git" }));
  }
  return { commit, files };
}

/** A listing could name a place outside the cache. */
function checked(access: HubAccess, file: HubFile): HubFile {
  const isPlain = file.path
    .split("/")
    .every((part) => part !== "" && part !== "." && part !== ".." && !/[\\:\0]/.test(part));
  const isHash = file.checksum === "git" ? /^[0-9a-f]{40}$/ : /^[0-9a-f]{64}$/;
  if (isPlain && isHash.test(file.etag) && Number.isSafeInteger(file.bytes)) return file;
  throw strange(access, `the file ${JSON.stringify(file.path)}`);
}

const strange = ({ source }: HubAccess, got: string): AssayError =>
  new AssayError("HUB_UNAVAILABLE", `hub: Expected a listing of ${source.name}, got ${got}`);

/**
 * A fetch that carries the token to the hub alone and turns refusals into errors for people. The library would demand
 * that a token start with `hf_`, which those of other hubs do not.
 */
export function hubFetch({ source, settings, signal }: HubAccess): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    if (settings.token && url.origin === new URL(settings.endpoint).origin)
      headers.set("authorization", `Bearer ${settings.token}`);
    let response: Response;
    try {
      response = await fetch(url, { ...init, headers, ...(signal ? { signal } : {}) });
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw unreachable(source, settings, cause);
    }
    if (response.ok || response.status === 416) return response;
    await response.body?.cancel();
    const path = /\/resolve\/[^/]+\/(.+)$/.exec(url.pathname)?.[1];
    const reason = response.headers.get("x-error-code");
    throw hubError(
      { status: response.status, reason, ...(path ? { path: decodeURIComponent(path) } : {}) },
      source,
      settings,
    );
  };
}
