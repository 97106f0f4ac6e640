import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AssayError } from "#base";
import { checksumOf } from "./checksum.ts";
import { type HubAccess, type HubFile, hubFetch } from "./hub-client.ts";
import { reasonOf } from "./hub-error.ts";

/** What happens to a file while it is fetched. */
export type HubEvent =
  | { readonly type: "file-start"; readonly path: string; readonly bytes: number; readonly present: number }
  | { readonly type: "file-delta"; readonly path: string; readonly bytes: number; readonly present: number }
  | { readonly type: "file-retry"; readonly path: string; readonly reason: string }
  | { readonly type: "file-end"; readonly path: string; readonly bytes: number; readonly cached: boolean }
  /** The hub could not be reached, and what is cached is used. */
  | { readonly type: "hub-absent"; readonly reason: string };

/** Where a download comes from and goes to. */
export interface DownloadOptions {
  readonly access: HubAccess;
  readonly commit: string;
  /** The blob in the cache; what has come so far lies beside it. */
  readonly target: string;
  readonly report: (event: HubEvent) => void;
}

/** An attempt that brought nothing new counts; one that did starts the count again. */
const idleAttempts = 5;
const firstPauseMs = 100;

/**
 * Fetches one file, goes on where an earlier attempt stopped, and lets it into the cache only with the right checksum.
 *
 * @throws AssayError HUB_CHECKSUM, HUB_INTERRUPTED, HUB_…
 */
export async function downloadFile(file: HubFile, options: DownloadOptions): Promise<void> {
  const { target, report } = options;
  const draft = `${target}.assay.incomplete`;
  mkdirSync(dirname(target), { recursive: true });
  report({ type: "file-start", path: file.path, bytes: file.bytes, present: Math.min(sizeOf(draft), file.bytes) });
  await complete(file, draft, options);
  const checksum = await checksumOf(draft, file.checksum);
  if (checksum !== file.etag) {
    rmSync(draft);
    const expected = `Expected ${file.path} with the checksum ${file.etag}, got ${checksum}`;
    throw new AssayError("HUB_CHECKSUM", `hub: ${expected}; what came was deleted, fetch it again`);
  }
  renameSync(draft, target);
}

async function complete(file: HubFile, draft: string, options: DownloadOptions): Promise<void> {
  for (let idle = 0; sizeOf(draft) !== file.bytes || !existsSync(draft); ) {
    const before = sizeOf(draft);
    try {
      await append(file, draft, options);
    } catch (error) {
      const isFinal =
        error instanceof AssayError && error.code !== "HUB_UNREACHABLE" && error.code !== "HUB_UNAVAILABLE";
      if (options.access.signal?.aborted || isFinal) throw error;
      idle = sizeOf(draft) > before ? 0 : idle + 1;
      if (idle >= idleAttempts) throw interrupted(file, draft, error);
      options.report({ type: "file-retry", path: file.path, reason: reasonOf(error) });
      await sleep(firstPauseMs * 2 ** idle, undefined, options.access.signal ? { signal: options.access.signal } : {});
    }
  }
}

async function append(file: HubFile, draft: string, { access, commit, report }: DownloadOptions): Promise<void> {
  const present = sizeOf(draft);
  if (present > file.bytes) {
    rmSync(draft);
    throw new Error(`more than the ${file.bytes} bytes announced`);
  }
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  const { name, kind } = access.source;
  const place = kind === "dataset" ? `datasets/${name}` : name;
  const url = `${access.settings.endpoint}/${place}/resolve/${commit}/${path}`;
  const headers = { "accept-encoding": "identity", ...(present > 0 ? { range: `bytes=${present}-` } : {}) };
  const response = await hubFetch(access)(url, { headers });
  const goesOn = response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${present}-`);
  if (response.status === 416 || response.body === null) {
    rmSync(draft, { force: true });
    throw new Error(`status ${response.status} for a range`);
  }
  const count = await keep(response.body, {
    draft,
    start: goesOn ? present : 0,
    onKept: (kept) => report({ type: "file-delta", path: file.path, bytes: file.bytes, present: kept }),
  });
  if (count !== file.bytes) throw new Error(`${count} of ${file.bytes} bytes`);
}

/** Writes what comes, piece by piece; a piece counts once it is in the file, so what was reported outlives a cut. */
async function keep(
  body: AsyncIterable<Uint8Array>,
  { draft, start, onKept }: { draft: string; start: number; onKept: (bytes: number) => void },
): Promise<number> {
  const file = await open(draft, start > 0 ? "a" : "w");
  let kept = start;
  try {
    for await (const piece of body) {
      await file.writeFile(piece);
      kept += piece.length;
      onKept(kept);
    }
  } finally {
    await file.close();
  }
  return kept;
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

function interrupted(file: HubFile, draft: string, error: unknown): AssayError {
  const expected = `Expected ${file.bytes} bytes of ${file.path}, got ${sizeOf(draft)} (${reasonOf(error)})`;
  return new AssayError("HUB_INTERRUPTED", `hub: ${expected}; what came is kept, run it again to go on from there`);
}
