import { AssayError } from "#base";
import type { HubSettings } from "./hub-settings.ts";
import type { HubSource } from "./hub-source.ts";

/** What the hub answered, when it did not answer with what was asked for. */
export interface HubRefusal {
  readonly status: number;
  /** The hub's own name for the reason (`GatedRepo`, `RevisionNotFound` …), which counts more than the status. */
  readonly reason: string | null;
  readonly path?: string;
}

/** The error that a person can act on. The token is in none of them. */
export function hubError(refusal: HubRefusal, source: HubSource, { token, endpoint }: HubSettings): AssayError {
  const { status, reason, path } = refusal;
  const named = `${source.name}@${source.revision}`;
  const details = { status, repository: source.name, revision: source.revision, ...(path ? { path } : {}) };
  const fail = (code: string, claim: string) => new AssayError(code, `hub: ${claim}`, { details });
  const what = path ?? named;
  if (reason === "RevisionNotFound") {
    return fail(
      "HUB_REVISION_MISSING",
      `Expected a branch, tag or commit "${source.revision}" of ${source.name}, found none`,
    );
  }
  if (reason === "EntryNotFound") return fail("HUB_FILE_MISSING", `Expected ${path} in ${named}, found none`);
  if (reason !== "GatedRepo" && (reason === "RepoNotFound" || status === 404)) {
    const hidden = token ? "which the token that is set may see" : "or it is private: set HF_TOKEN";
    return fail(
      "HUB_REPOSITORY_MISSING",
      `Expected a model ${source.name}, ${hidden}, found none at ${endpoint}; check the spelling`,
    );
  }
  if (status === 401 || status === 403) {
    const advice = token
      ? `the token that is set has no access; accept the terms at ${endpoint}/${source.name} with its account`
      : `it is gated or private; accept its terms at ${endpoint}/${source.name} and set HF_TOKEN`;
    return fail("HUB_DENIED", `Expected access to ${what}, got ${status}; ${advice}`);
  }
  if (status === 429)
    return fail(
      "HUB_BUSY",
      `Expected ${what}, got ${status} (too many requests); wait, or set HF_TOKEN for a higher limit`,
    );
  return fail("HUB_UNAVAILABLE", `Expected ${what} from ${endpoint}, got status ${status}; try again later`);
}

/** The error of a hub that nothing can be heard of. */
export function unreachable(source: HubSource, { endpoint }: HubSettings, cause: unknown): AssayError {
  const got = reasonOf(cause);
  const claim = `Expected ${source.name} from ${endpoint}, got no answer (${got}); check the network, HF_ENDPOINT, or set HF_HUB_OFFLINE=1 to use what is cached`;
  return new AssayError("HUB_UNREACHABLE", `hub: ${claim}`);
}

/** Node hides the reason of a failed fetch in its cause. */
export function reasonOf(cause: unknown): string {
  const { message, cause: inner } = cause as Error;
  return inner instanceof Error ? inner.message || ((inner as NodeJS.ErrnoException).code ?? message) : message;
}
