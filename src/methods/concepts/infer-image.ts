/**
 * One image's θ and z: coordinate ascent over γ and φ with the Gaussians fixed.
 *
 * With n_jk = exp(density − peak) taken once, a round is two sweeps of multiplications: no exponential is left in it.
 */
import type { Candidates } from "./candidates.ts";
import { expectedLog } from "./dirichlet.ts";

/** When the rounds end. */
export interface Rounds {
  readonly most: number;
  /** Σ_k |Δγ_k| below this times K. */
  readonly tolerance: number;
}

/** What one image is inferred from. */
export interface ImageProblem {
  readonly candidates: Candidates;
  readonly start: number;
  readonly end: number;
  /** How much each patch counts in γ, [T]. */
  readonly counts: Float64Array;
  readonly alpha: Float64Array;
  readonly rounds: Rounds;
  /** What labels and perturbed images add to E_k, from the current φ̄; absent without them. */
  readonly nudge?: (phiBar: Float64Array, into: Float64Array) => void;
}

/** Where inference ended. */
export interface ImageState {
  /** γ [K] */
  readonly gamma: Float64Array;
  /** exp(E_k − largest) that the last φ was made of, [K]: φ_jk = n_jk c_k / Σ. */
  readonly factors: Float64Array;
  /** The largest E_k, and every E_k, nudges included. */
  readonly peak: number;
  readonly logs: Float64Array;
  readonly rounds: number;
}

/** Iterates from a given γ. */
export function inferImage(problem: ImageProblem, start: Float64Array): ImageState {
  const { alpha, rounds, nudge } = problem;
  const concepts = alpha.length;
  let gamma = start;
  const room = [new Float64Array(concepts), new Float64Array(concepts)];
  const [logs, factors] = [new Float64Array(concepts), new Float64Array(concepts)];
  const [phiBar, extra] = [new Float64Array(concepts), new Float64Array(concepts)];
  for (let round = 1; ; round++) {
    expectedLog(gamma, logs);
    if (nudge !== undefined) {
      nudge(phiBarOf(gamma, alpha, phiBar), extra);
      for (let k = 0; k < concepts; k++) logs[k]! += extra[k]!;
    }
    let peak = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < concepts; k++) if (logs[k]! > peak) peak = logs[k]!;
    for (let k = 0; k < concepts; k++) factors[k] = Math.exp(logs[k]! - peak);
    const next = room[round % 2]!;
    gammaFrom(problem, factors, next);
    let moved = 0;
    for (let k = 0; k < concepts; k++) moved += Math.abs(next[k]! - gamma[k]!);
    gamma = next;
    if (moved < rounds.tolerance * concepts || round >= rounds.most)
      return { gamma, factors, peak, logs, rounds: round };
  }
}

/** Smaller than any share that matters, larger than nothing: a patch whose every concept underflowed stays finite. */
const tiny = 1e-300;

/** γ_k = α_k + Σ_j count_j φ_jk */
function gammaFrom(
  { candidates, start, end, counts, alpha }: ImageProblem,
  factors: Float64Array,
  into: Float64Array,
): void {
  const { pointers, concepts, shares } = candidates;
  into.set(alpha);
  for (let j = start; j < end; j++) {
    const [from, to] = [pointers[j]!, pointers[j + 1]!];
    let total = tiny;
    for (let at = from; at < to; at++) total += shares[at]! * factors[concepts[at]!]!;
    const scale = counts[j]! / total;
    for (let at = from; at < to; at++) {
      const k = concepts[at]!;
      into[k]! += scale * shares[at]! * factors[k]!;
    }
  }
}

/** φ̄_k = (γ_k − α_k) / Σ (γ − α): the mean of φ, weighted as γ weighs it. */
export function phiBarOf(
  gamma: Float64Array,
  alpha: Float64Array,
  into = new Float64Array(gamma.length),
): Float64Array {
  let total = 0;
  for (let k = 0; k < gamma.length; k++) {
    into[k] = Math.max(0, gamma[k]! - alpha[k]!);
    total += into[k]!;
  }
  const scale = total > 0 ? 1 / total : 0;
  for (let k = 0; k < gamma.length; k++) into[k]! *= scale;
  return into;
}

/** Σ_k n_jk c_k of each patch of an image, which normalises its φ. */
export function normalizers({ candidates, start, end }: ImageProblem, factors: Float64Array, into: Float64Array): void {
  const { pointers, concepts, shares } = candidates;
  for (let j = start; j < end; j++) {
    let total = tiny;
    for (let at = pointers[j]!; at < pointers[j + 1]!; at++) total += shares[at]! * factors[concepts[at]!]!;
    into[j] = total;
  }
}
