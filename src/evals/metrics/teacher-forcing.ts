import { AssayError, mean } from "#base";

/**
 * The share of positions where two lists of tokens agree: with the target's tokens as the second list EasyEdit's
 * reliability, generalization and portability, with the likeliest tokens before the edit its locality, which asks that
 * nothing moved and not that anything is right.
 *
 *     a = (1 / n) · Σ_q 1[likeliest_q = wanted_q]      the likeliest token of each place, the target's before it given
 *
 * One of three tokens right is ⅓: read exact match beside it, above all where a script is cut into bytes.
 *
 * Source   zjunlp/EasyEdit, evaluate/evaluate_utils.py
 * @throws AssayError TARGET_INVALID for an empty target or lists of different lengths
 */
export function tokenAccuracy(likeliest: readonly number[], wanted: readonly number[]): number {
  if (wanted.length > 0 && likeliest.length === wanted.length) {
    return mean(wanted.map((id, at) => Number(likeliest[at] === id)));
  }
  const claim = `Expected as many likeliest tokens as the target has, got ${likeliest.length} and ${wanted.length}`;
  throw new AssayError("TARGET_INVALID", `tokenAccuracy: ${claim}`);
}
