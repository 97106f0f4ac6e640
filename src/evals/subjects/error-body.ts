/** What a provider's error body says, whichever of their forms it has. */
export interface ErrorBody {
  readonly message: string;
  /** Codes, types and states, joined by spaces, for rules to search in. */
  readonly codes: string;
  /** Google's `RetryInfo`, in milliseconds: its API sends no `retry-after`. */
  readonly retryDelayMs?: number;
}

type Fields = { readonly [key: string]: unknown };

/** Reads `{error: {message, code, type, status, details}}` (OpenAI, Anthropic, Google), `{error: text}`, `{message}`. */
export function readErrorBody(body: string | undefined): ErrorBody {
  const root = fields(parsed(body));
  const error = typeof root.error === "string" ? { message: root.error } : fields(root.error ?? root);
  const details = Array.isArray(error.details) ? error.details.map(fields) : [];
  const inner = fields(error.innererror);
  const codes = [error.code, error.type, error.status, inner.code, ...details.map(({ reason }) => reason)];
  const retryDelayMs = details.flatMap(({ retryDelay }) => delayMs(retryDelay))[0];
  return {
    message: typeof error.message === "string" ? error.message : snippet(body),
    codes: codes.filter((code) => typeof code === "string").join(" "),
    ...(retryDelayMs === undefined ? {} : { retryDelayMs }),
  };
}

function parsed(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? "");
  } catch {
    return undefined;
  }
}

const fields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});

function delayMs(value: unknown): number[] {
  const seconds = typeof value === "string" ? /^(\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined;
  return seconds === undefined ? [] : [Number(seconds) * 1000];
}

/** The beginning of a body that is no JSON. */
export const snippet = (body: string | undefined): string => (body ?? "").replace(/\s+/g, " ").trim().slice(0, 120);
