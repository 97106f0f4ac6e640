import { type HeaderLookup, retryAfterMs } from "./retry-after.ts";

/**
 * How long to wait before the next request, as the response's headers say: `retry-after(-ms)` first, then the latest
 * reset among the allowances that are used up.
 *
 * Knows   `x-ratelimit-remaining-*` / `x-ratelimit-reset-*` (durations such as `6m0s`, seconds, or an epoch),
 *         `anthropic-ratelimit-*-remaining` / `-reset` (RFC 3339), `ratelimit-remaining` / `ratelimit-reset`
 * @returns undefined when the headers ask for no wait
 */
export function waitFromHeaders(headers: Iterable<readonly [string, string]>, now: number): number | undefined {
  const all = new Map([...headers].map(([name, value]) => [name.toLowerCase(), value]));
  const header: HeaderLookup = (name) => all.get(name);
  return retryAfterMs(header, now) ?? exhaustedForMs(all, now);
}

function exhaustedForMs(headers: ReadonlyMap<string, string>, now: number): number | undefined {
  const waits: number[] = [];
  for (const [name, value] of headers) {
    if (!name.includes("ratelimit") || !name.includes("remaining") || value.trim() !== "0") continue;
    const wait = resetMs(headers.get(name.replace("remaining", "reset")), now);
    if (wait !== undefined) waits.push(wait);
  }
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds until a reset given as a duration (`1m30.5s`, `20ms`), seconds, an epoch or an RFC 3339 time. */
export function resetMs(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(text)) return numberMs(Number(text), now);
  if (/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text)) {
    const spans = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g);
    return spans.reduce((sum, [, amount, unit]) => sum + Number(amount) * unitMs[unit!]!, 0);
  }
  const date = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** A plain number is an epoch in milliseconds or seconds when it is large enough to be one, else seconds from now. */
function numberMs(value: number, now: number): number {
  if (value > 1e11) return Math.max(0, value - now);
  if (value > 1e9) return Math.max(0, value * 1000 - now);
  return value * 1000;
}
