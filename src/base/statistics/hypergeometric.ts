import { requireCount } from "./checks.ts";

/** An urn: how many members it has, how many of them are marked, how many are drawn without putting back. */
export interface Urn {
  readonly population: number;
  readonly marked: number;
  readonly draws: number;
}

/**
 * The chance that at least `overlap` of the drawn members are marked: is a found overlap more than chance?
 *
 *     P(X ≥ k) = Σᵢ₌ₖ C(M, i) C(N − M, n − i) / C(N, n)      N population · M marked · n draws
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function hypergeometricTail(overlap: number, urn: Urn): number {
  return Math.exp(logHypergeometricTail(overlap, urn));
}

/**
 * The natural logarithm of `hypergeometricTail`, which stays finite where the chance itself is too small for a number.
 *
 * Neighbouring terms have the ratio P(i + 1) / P(i) = (M − i)(n − i) / ((i + 1)(N − M − n + i + 1)); summed outwards
 * from the likeliest value, and divided by the sum of all, they need no ln Γ and lose no digits to it.
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function logHypergeometricTail(overlap: number, urn: Urn): number {
  const { population, marked, draws } = urn;
  requireCount("hypergeometricTail", population);
  requireCount("hypergeometricTail", marked, { least: 0, most: population });
  requireCount("hypergeometricTail", draws, { least: 0, most: population });
  requireCount("hypergeometricTail", overlap);
  const mode = Math.floor(((draws + 1) * (marked + 1)) / (population + 2));
  if (overlap > Math.min(marked, draws)) return Number.NEGATIVE_INFINITY;
  const all = sumUp(mode, urn) + sumDown(mode, urn) - 1;
  if (overlap > mode) return logWeight(overlap, mode, urn) + Math.log(sumUp(overlap, urn) / all);
  if (overlap <= Math.max(0, marked + draws - population)) return 0;
  return Math.log1p(-Math.exp(logWeight(overlap - 1, mode, urn)) * (sumDown(overlap - 1, urn) / all));
}

/** P(i + 1) / P(i). */
function ratio(i: number, { population, marked, draws }: Urn): number {
  return ((marked - i) / (i + 1)) * ((draws - i) / (population - marked - draws + i + 1));
}

/** Σᵢ P(i) / P(start) for i from `start` up; the terms fall ever faster from the mode on. */
function sumUp(start: number, urn: Urn): number {
  let sum = 0;
  for (let i = start, term = 1; term > sum * Number.EPSILON * 0.01; i++) {
    sum += term;
    term *= ratio(i, urn);
  }
  return sum;
}

/** Σᵢ P(i) / P(start) for i from `start` down. */
function sumDown(start: number, urn: Urn): number {
  let sum = 0;
  for (let i = start, term = 1; term > sum * Number.EPSILON * 0.01; i--) {
    sum += term;
    term /= ratio(i - 1, urn);
  }
  return sum;
}

/** ln (P(i) / P(mode)). */
function logWeight(i: number, mode: number, urn: Urn): number {
  let log = 0;
  for (let at = mode; at < i; at++) log += Math.log(ratio(at, urn));
  for (let at = i; at < mode; at++) log -= Math.log(ratio(at, urn));
  return log;
}
