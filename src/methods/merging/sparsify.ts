/** Leaving most of a difference out before it is merged. */
import type { RandomStream } from "#base";

/**
 * Keeps the share `density` of the entries that are largest in magnitude, at least one of them, and zeroes the others.
 *
 *     k = max(1, ⌊density · n⌋)      entries of equal magnitude in the order in which they stand
 *
 * Source   Yadav et al. 2023, TIES-Merging, §3; mergekit 0.1.5, sparsify.py
 */
export function trimByMagnitude(task: Float32Array, density: number): Float32Array {
  if (density >= 1) return task;
  if (density <= 0 || task.length === 0) return new Float32Array(task.length);
  const kept = Math.max(1, Math.floor(density * task.length));
  const sorted = task.map(Math.abs).sort();
  const least = sorted[task.length - kept]!;
  const above = task.length - lastUpTo(sorted, least);
  let equal = kept - above;
  return task.map((number) => {
    const size = Math.abs(number);
    return size > least || (size === least && equal-- > 0) ? number : 0;
  });
}

/** How many of the sorted numbers are at most `bound`. */
function lastUpTo(sorted: Float32Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `l1` keeps the sum of magnitudes, as mergekit does; `density` divides by the share kept, as the paper does. */
export type DareRescaling = "l1" | "density" | "none";

/** How a difference is thinned. */
export interface DropOptions {
  /** The share of entries kept. */
  readonly density: number;
  readonly rescaling: DareRescaling;
  /** Decides which. */
  readonly random: RandomStream;
}

/** A tensor whose magnitudes add up to less is not scaled. */
const noMagnitude = 1e-7;

/**
 * DARE: keeps each entry with probability `density` and scales what is left.
 *
 *     τ' = m ⊙ τ · ‖τ‖₁ / ‖m ⊙ τ‖₁   (l1)      τ' = m ⊙ τ / density   (density)      m ~ Bernoulli(density)
 *
 * Both have the expectation τ for a large tensor; they differ by how the drawn entries happen to weigh.
 *
 * Source   Yu et al. 2024, Language Models are Super Mario, §3; mergekit 0.1.5, sparsify.py
 */
export function dropAndRescale(task: Float32Array, { density, rescaling, random }: DropOptions): Float32Array {
  if (density >= 1) return task;
  const left = task.map((number) => (random.next() < density ? number : 0));
  if (rescaling === "none") return left;
  const [before, after] = [magnitude(task), magnitude(left)];
  if (rescaling === "l1" && (before < noMagnitude || after < noMagnitude)) return left;
  const factor = rescaling === "density" ? 1 / density : before / after;
  return density <= 0 ? left : left.map((number) => number * factor);
}

function magnitude(numbers: Float32Array): number {
  let sum = 0;
  for (const number of numbers) sum += Math.abs(number);
  return sum;
}
