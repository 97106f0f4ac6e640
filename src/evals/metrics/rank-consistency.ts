import { AssayError, mean, sum } from "#base";

/** How the places of a ranking weigh. */
export type RankWeights = "softmax" | "linear" | "squared";

const raw: Readonly<Record<RankWeights, (place: number, n: number) => number>> = {
  // softmax(n, n − 1, …): the common factor eⁿ goes, and cannot overflow.
  softmax: (place) => Math.exp(-place),
  linear: (place, n) => n - place,
  squared: (place, n) => (n - place) ** 2,
};

/** Candidates ranked for one question in two languages, best first; a candidate is its number, not its name. */
export interface RankedPair {
  readonly first: readonly number[];
  readonly second: readonly number[];
}

/**
 * RankC: how alike a model ranks the same candidates in two languages, whether or not it is right.
 *
 *     RankC = (1 / Q) · Σ_i Σ_j w_j · |top_j(A) ∩ top_j(B)| / j      w = softmax(n_i, n_i − 1, …, 1)
 *
 * Null where there is no question.
 *
 * Source   Qi et al. 2023, Cross-Lingual Consistency of Factual Knowledge, eq. 1 to 3
 * @throws AssayError RANKING_INVALID when two rankings are not of the same candidates
 */
export function rankC(pairs: readonly RankedPair[], weights: RankWeights = "softmax"): number | null {
  return pairs.length === 0 ? null : mean(pairs.map((pair) => consistency(pair, weights)));
}

function consistency({ first, second }: RankedPair, weights: RankWeights): number {
  expectSame(first, second);
  const n = first.length;
  const raws = first.map((_, place) => raw[weights](place, n));
  const total = sum(raws);
  const [seenFirst, seenSecond] = [new Set<number>(), new Set<number>()];
  let shared = 0;
  return sum(
    raws.map((weight, place) => {
      seenFirst.add(first[place]!);
      shared += Number(seenSecond.has(first[place]!));
      seenSecond.add(second[place]!);
      shared += Number(seenFirst.has(second[place]!));
      return ((weight / total) * shared) / (place + 1);
    }),
  );
}

function expectSame(first: readonly number[], second: readonly number[]): void {
  const isSame = new Set(first).size === first.length && first.length > 0;
  if (isSame && first.toSorted().join() === second.toSorted().join()) return;
  const claim = `Expected two orders of the same candidates, got [${first}] and [${second}]`;
  throw new AssayError("RANKING_INVALID", `rankC: ${claim}`);
}
