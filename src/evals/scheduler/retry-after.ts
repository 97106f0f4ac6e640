/** Case-insensitive lookup of one response header. */
export type HeaderLookup = (name: string) => string | null | undefined;

/**
 * How many milliseconds the provider asks us to wait, from `retry-after-ms` or `retry-after` (seconds or an HTTP date).
 *
 * @returns undefined when neither header is there or neither can be read; never negative
 * Source   RFC 9110 §10.2.3
 */
export function retryAfterMs(header: HeaderLookup, now: number): number | undefined {
  return decimal(header("retry-after-ms")) ?? secondsOrDate(header("retry-after"), now);
}

function secondsOrDate(value: string | null | undefined, now: number): number | undefined {
  const seconds = decimal(value);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse reads "5" and "-5" as years: only what looks like an HTTP date may reach it.
  const date = /^[A-Za-z]{3,9},? .*GMT$/.test(value?.trim() ?? "") ? Date.parse(value!) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function decimal(value: string | null | undefined): number | undefined {
  return value != null && /^\d{1,12}(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}
