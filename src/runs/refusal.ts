import { AssayError, UsageError } from "#base";

/** Wrong calls whose cause lies outside the run: a key, an address or a price can be given when it is resumed. */
const mendable: readonly string[] = ["KEY_MISSING", "ADDRESS_MISSING", "BAD_ADDRESS", "PRICE_UNKNOWN", "BAD_PRICES"];

/**
 * True for an error that the frozen settings and subjects bring about, such as a layer that the model does not have: the
 * run would end there again however often it is resumed.
 */
export function isRefusal(error: unknown): error is AssayError {
  if (error instanceof UsageError) return !mendable.includes(error.code);
  return error instanceof AssayError && /(^OPTION|_OUT_OF)_RANGE$/.test(error.code);
}
