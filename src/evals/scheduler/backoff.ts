import { sha256 } from "#base";

export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
  readonly seed: number;
}

/**
 * How long to wait before the next attempt when the provider does not say.
 *
 *     wait = min(longest, first · 2^attempt) · (½ + ½ u),   u uniform in [0, 1)
 *
 * `u` comes from a hash of seed, question and attempt, so it does not depend on the order in which questions fail.
 */
export function backoffMs(question: string, attempt: number, { firstMs, longestMs, seed }: BackoffOptions): number {
  const u = Number.parseInt(sha256(`${seed}/${question}/${attempt}`).slice(0, 8), 16) / 2 ** 32;
  return Math.min(longestMs, firstMs * 2 ** attempt) * (0.5 + 0.5 * u);
}
