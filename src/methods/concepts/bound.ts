/** The evidence lower bound of one image. */
import type { Candidates } from "./candidates.ts";
import { expectedLog, logBeta } from "./dirichlet.ts";
import type { ImageState } from "./infer-image.ts";

/** What the bound is taken of. */
export interface BoundProblem {
  readonly candidates: Candidates;
  readonly start: number;
  readonly end: number;
  /** Σ_k n_jk c_k of each patch. */
  readonly totals: Float64Array;
  readonly alpha: Float64Array;
  readonly counts: Float64Array;
}

/**
 * L_e of modes A and B, whose φ maximises it given the last E: most terms cancel.
 *
 *     Σ_j c_j (ln Σ_k exp(density_jk + E_k)) − Σ_k (γ_k − α_k) E_k + ln B(γ) − ln B(α)
 *
 * Source   Wang et al. 2024, PACE, equation 6, its expectations taken
 */
export function imageBound(problem: BoundProblem, { gamma, peak, logs }: ImageState): number {
  const { candidates, start, end, totals, alpha, counts } = problem;
  let bound = logBeta(gamma) - logBeta(alpha);
  for (let j = start; j < end; j++) bound += counts[j]! * (Math.log(totals[j]!) + peak + candidates.peaks[j]!);
  for (let k = 0; k < gamma.length; k++) bound -= (gamma[k]! - alpha[k]!) * logs[k]!;
  return bound;
}

/**
 * Mode B's bound at any φ and γ: what the modes that climb no objective of their own are compared by.
 *
 *     Σ_jk w_j φ_jk (E_k + ln N_jk − ln φ_jk) + ln B(γ) − ln B(α) + Σ_k (α_k − γ_k) E_k
 */
export function referenceBound(
  { candidates, start, end, totals, alpha }: BoundProblem,
  { gamma, factors }: ImageState,
  weights: Float64Array,
): number {
  const { pointers, concepts, shares, logDensities } = candidates;
  const logs = expectedLog(gamma);
  let bound = logBeta(gamma) - logBeta(alpha);
  for (let k = 0; k < gamma.length; k++) bound += (alpha[k]! - gamma[k]!) * logs[k]!;
  for (let j = start; j < end; j++) {
    for (let at = pointers[j]!; at < pointers[j + 1]!; at++) {
      const k = concepts[at]!;
      const phi = (shares[at]! * factors[k]!) / totals[j]!;
      if (phi > 0) bound += weights[j]! * phi * (logs[k]! + logDensities[at]! - Math.log(phi));
    }
  }
  return bound;
}
