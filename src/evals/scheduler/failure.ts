import { AssayError, type ErrorKind } from "#base";

/** One failed attempt to get an answer, in the words the scheduler decides by. */
export interface Failure {
  readonly kind: ErrorKind;
  /** Stable name of the row that classified it: `rate-limit`, `server-error`, `unauthorized` … */
  readonly code: string;
  /** What the provider said, without secrets and control characters. */
  readonly message: string;
  readonly status?: number;
  /** True when asking the same question again may help. */
  readonly retry: boolean;
  /** True when the provider has too much to do: ask less at once. */
  readonly overload?: boolean;
  /** True when no other question can fare better: a wrong key, an empty account. */
  readonly stops?: boolean;
  /** True when the server could not be reached at all. */
  readonly unreachable?: boolean;
  /** How long the provider asks us to wait. */
  readonly waitMs?: number;
}

/** What a subject throws when an attempt failed; the scheduler decides what follows. */
export class SubjectError extends AssayError {
  readonly failure: Failure;

  constructor(subject: string, failure: Failure, options: { readonly cause?: unknown } = {}) {
    super("SUBJECT_FAILED", `${subject}: ${failure.message}`, { details: { ...failure }, ...options });
    this.failure = failure;
  }
}

/** Equal for errors that say the same about different requests: numbers and request ids are left out. */
export function failureSignature({ kind, code, status, message }: Failure): string {
  const plain = message.replace(/\breq[_-]\w+|\b[0-9a-f][0-9a-f-]{7,}\b|\d+/gi, "#");
  return `${kind} ${code} ${status ?? "-"} ${plain}`;
}
