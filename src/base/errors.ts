/** What a person needs besides the message. */
export interface AssayErrorOptions {
  /** What to do about it, when the message does not say so already. */
  readonly hint?: string;
  /** Structured facts for programs: the offending file, line, setting … */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error of the lab. The message reads "who: what was expected, what came; what to do"; `code` is stable.
 *
 * @example throw new AssayError("SHAPE_MISMATCH", "layerNorm: Expected a [B, T, C] input, got [768]")
 */
export class AssayError extends Error {
  override readonly name = "AssayError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: AssayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** A mistake in how the lab was called: exit code 2 instead of 1. */
export class UsageError extends AssayError {}

/** States an internal impossibility. @throws AssayError INVARIANT */
export function invariant(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new AssayError("INVARIANT", `assay: Broken invariant, ${claim}; please report this`);
}
