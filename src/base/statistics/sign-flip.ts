import type { RandomStream } from "../random/streams.ts";
import { requireCount, requireNumbers } from "./checks.ts";
import type { TestResult } from "./paired.ts";
import { sum } from "./summary.ts";

/** What the sign-flip test asks, and how often. */
export interface SignFlipOptions {
  readonly random: RandomStream;
  /** `greater` asks whether the differences are above zero; two-sided unless told. */
  readonly alternative?: "two-sided" | "greater" | "less";
  /** How many random flips to try where all of them are too many; 9,999 unless told. */
  readonly permutations?: number;
}

const LARGEST_EXACT = 16;

/**
 * The permutation test that paired differences centre on zero: their signs are as good as coin tosses.
 *
 *     p = share of sign choices s ∈ {−1, 1}ⁿ with T(s) ≥ T      T = |Σ sᵢ dᵢ|, or ±Σ sᵢ dᵢ one-sided
 *
 * Exact over all 2ⁿ choices for up to 16 differences that are not zero; beyond, over B random ones,
 * p = (1 + hits) / (1 + B), which is never zero and never too small. For paired scores that are fractions.
 *
 * Source   Fisher 1935, The Design of Experiments, §21; Phipson and Smyth 2010 for the 1
 *
 * @throws AssayError STATISTICS_INPUT
 */
export function signFlip(differences: ArrayLike<number>, options: SignFlipOptions): TestResult {
  const { random, alternative = "two-sided", permutations = 9999 } = options;
  requireNumbers("signFlip", differences);
  requireCount("signFlip", permutations, { least: 1 });
  // A zero keeps its value under either sign.
  const moving = Float64Array.from(differences).filter((difference) => difference !== 0);
  const test: FlipTest = { moving, isExtreme: extremeness(moving, alternative) };
  if (moving.length > LARGEST_EXACT) return monteCarlo(test, { random, permutations });
  return { pValue: exactShare(test), method: `exact sign flip, ${2 ** moving.length} choices` };
}

interface FlipTest {
  readonly moving: Float64Array;
  isExtreme(flipped: number): boolean;
}

function extremeness(moving: Float64Array, alternative: string): (flipped: number) => boolean {
  const towards = (total: number) => ({ greater: total, less: -total })[alternative] ?? Math.abs(total);
  // Equal sums differ in their last digits when they are added up in another order.
  const slack = 1e-12 * sum(moving.map(Math.abs));
  const observed = towards(sum(moving)) - slack;
  return (flipped) => towards(flipped) >= observed;
}

function exactShare({ moving, isExtreme }: FlipTest): number {
  const choices = 2 ** moving.length;
  let hits = 0;
  for (let choice = 0; choice < choices; choice++) {
    const nextSigns = () => choice;
    if (isExtreme(flippedSum(moving, nextSigns))) hits++;
  }
  return hits / choices;
}

function monteCarlo(
  { moving, isExtreme }: FlipTest,
  options: { random: RandomStream; permutations: number },
): TestResult {
  const { random, permutations } = options;
  const nextSigns = () => random.int(2 ** 32);
  let hits = 0;
  for (let permutation = 0; permutation < permutations; permutation++) {
    if (isExtreme(flippedSum(moving, nextSigns))) hits++;
  }
  return { pValue: (1 + hits) / (1 + permutations), method: `sign flip, ${permutations} random choices` };
}

/** The sum with the sign of each value taken from the next bit; `nextSigns` gives 32 of them. */
function flippedSum(moving: Float64Array, nextSigns: () => number): number {
  let total = 0;
  let signs = 0;
  for (let at = 0; at < moving.length; at++) {
    signs = at % 32 === 0 ? nextSigns() : signs >>> 1;
    total += signs & 1 ? moving[at]! : -moving[at]!;
  }
  return total;
}
