import { AssayError } from "../errors.ts";

/** Refuses a list with NaN or an infinity in it, or with fewer values than `least`. @throws AssayError STATISTICS_INPUT */
export function requireNumbers(who: string, values: ArrayLike<number>, least = 1): void {
  if (values.length < least) refuse(who, `at least ${least} value${least === 1 ? "" : "s"}`, values.length);
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at])) refuse(who, "finite numbers", `${values[at]} at position ${at}`);
  }
}

/** Refuses two lists of different length. @throws AssayError STATISTICS_INPUT */
export function requirePairs(who: string, first: ArrayLike<unknown>, second: ArrayLike<unknown>): void {
  if (first.length !== second.length) refuse(who, "pairs", `${first.length} and ${second.length} values`);
}

/** Refuses what is not a whole number from `least` to `most`. @throws AssayError STATISTICS_INPUT */
export function requireCount(who: string, count: number, range: { least?: number; most?: number } = {}): void {
  const { least = 0, most = Number.MAX_SAFE_INTEGER } = range;
  if (Number.isSafeInteger(count) && count >= least && count <= most) return;
  refuse(
    who,
    `a whole number ${range.most === undefined ? `of at least ${least}` : `from ${least} to ${most}`}`,
    count,
  );
}

/** Refuses what is not a share: a number from 0 to 1. @throws AssayError STATISTICS_INPUT */
export function requireShare(who: string, share: number): void {
  if (!(share >= 0 && share <= 1)) refuse(who, "a share from 0 to 1", share);
}

/** Refuses a level of confidence, or a power, that is not strictly between 0 and 1. @throws AssayError STATISTICS_INPUT */
export function requireLevel(who: string, level: number): void {
  if (!(level > 0 && level < 1)) refuse(who, "a level strictly between 0 and 1, such as 0.95", level);
}

/** Refuses what is below zero. @throws AssayError STATISTICS_INPUT */
export function requireNotNegative(who: string, value: number): void {
  if (!(value >= 0)) refuse(who, "a number of at least zero", value);
}

/** Refuses what is not above zero. @throws AssayError STATISTICS_INPUT */
export function requirePositive(who: string, value: number): void {
  if (!(value > 0)) refuse(who, "a number above zero", value);
}

function refuse(who: string, expected: string, got: string | number): never {
  throw new AssayError("STATISTICS_INPUT", `${who}: Expected ${expected}, got ${got}`);
}
