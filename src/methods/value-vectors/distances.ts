/** How far a value vector moved: in the tokens it writes, in direction, in length. */
import { AssayError } from "#base";

/**
 * The share of tokens that two lists have in common; equal strings count once.
 *
 *     J = |A ∩ B| / |A ∪ B|
 *
 * Two random sets of k of V tokens share k²/V: J ≈ k / (2V − k).
 *
 * Source   Hong et al. 2024, ConceptVectors, intrinsic evaluation
 *
 * @throws AssayError METRIC_INPUT for two empty lists
 */
export function jaccard(before: Iterable<string | number>, after: Iterable<string | number>): number {
  const [first, second] = [new Set(before), new Set(after)];
  let shared = 0;
  for (const token of first) if (second.has(token)) shared++;
  const union = first.size + second.size - shared;
  if (union > 0) return shared / union;
  throw new AssayError("METRIC_INPUT", "jaccard: Expected tokens in at least one list, got none");
}

/** What J is on the average for two random sets of k of V tokens, to first order: k / (2V − k). */
export const chanceJaccard = (k: number, vocabularySize: number): number => k / (2 * vocabularySize - k);

/**
 * The cosine between two vectors, never above one; zero where one of them is.
 *
 *     cos = v · v' / (‖v‖ ‖v'‖)
 *
 * @throws AssayError SHAPE_MISMATCH
 */
export function cosine(before: ArrayLike<number>, after: ArrayLike<number>): number {
  expectSameLength("cosine", before, after);
  let [inner, first, second] = [0, 0, 0];
  for (let at = 0; at < before.length; at++) {
    inner += before[at]! * after[at]!;
    first += before[at]! ** 2;
    second += after[at]! ** 2;
  }
  if (first === 0 || second === 0) return 0;
  return Math.max(-1, Math.min(1, inner / Math.sqrt(first * second)));
}

/** ‖v − v'‖₂. @throws AssayError SHAPE_MISMATCH */
export function euclidean(before: ArrayLike<number>, after: ArrayLike<number>): number {
  expectSameLength("euclidean", before, after);
  let squares = 0;
  for (let at = 0; at < before.length; at++) squares += (before[at]! - after[at]!) ** 2;
  return Math.sqrt(squares);
}

/** ‖v‖₂ */
export const normOf = (vector: ArrayLike<number>): number => euclidean(vector, new Float64Array(vector.length));

function expectSameLength(who: string, first: ArrayLike<number>, second: ArrayLike<number>): void {
  if (first.length === second.length) return;
  const got = `got ${first.length} and ${second.length} numbers`;
  throw new AssayError("SHAPE_MISMATCH", `${who}: Expected vectors of one length, ${got}`);
}
