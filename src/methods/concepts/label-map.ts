/**
 * The label part of the model: η, which reads the model's answer from the mean concept of an image.
 *
 * Axes     N classes · K concepts
 */
import { choleskyLower, substitute } from "./small-matrix.ts";

/** η [N, K] */
export type LabelMap = Float64Array;

/** p = softmax(η φ̄). */
export function labelProbabilities(eta: LabelMap, phiBar: Float64Array): Float64Array {
  const concepts = phiBar.length;
  const p = new Float64Array(eta.length / concepts);
  let peak = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < p.length; n++) {
    for (let k = 0; k < concepts; k++) p[n]! += eta[n * concepts + k]! * phiBar[k]!;
    peak = Math.max(peak, p[n]!);
  }
  let total = 0;
  for (let n = 0; n < p.length; n++) {
    p[n] = Math.exp(p[n]! - peak);
    total += p[n]!;
  }
  return p.map((value) => value / total);
}

/**
 * How well φ̄ tells the model's answer.
 *
 *     L_f = η_y · φ̄ − ln Σ_n exp(η_n · φ̄)
 *
 * Source   Wang et al. 2024, PACE, equation 8 without its second-order term, which is below 1 / J²
 */
export function labelBound(eta: LabelMap, phiBar: Float64Array, label: number): number {
  return Math.log(labelProbabilities(eta, phiBar)[label]!);
}

/** ∂L_f / ∂φ̄_k = η_yk − Σ_n p_n η_nk: F of the paper's equation 10. */
export function labelGradient(eta: LabelMap, phiBar: Float64Array, label: number): Float64Array {
  const p = labelProbabilities(eta, phiBar);
  const concepts = phiBar.length;
  const gradient = eta.slice(label * concepts, (label + 1) * concepts);
  for (let n = 0; n < p.length; n++) {
    for (let k = 0; k < concepts; k++) gradient[k]! -= p[n]! * eta[n * concepts + k]!;
  }
  return gradient;
}

/** ∂L_f / ∂η_nk = (y_n − p_n) φ̄_k, added to a running sum. */
export function addEtaGradient(
  into: Float64Array,
  eta: LabelMap,
  { phiBar, label }: { phiBar: Float64Array; label: number },
): void {
  const p = labelProbabilities(eta, phiBar);
  const concepts = phiBar.length;
  for (let n = 0; n < p.length; n++) {
    const error = (n === label ? 1 : 0) - p[n]!;
    for (let k = 0; k < concepts; k++) into[n * concepts + k]! += error * phiBar[k]!;
  }
}

/** What a step of η is taken from: sums over images, so that no image needs to be kept. */
export interface EtaEvidence {
  /** Σ (y − p) φ̄ᵀ [N, K] */
  readonly gradient: Float64Array;
  /** Σ φ̄ φ̄ᵀ [K, K] */
  readonly gram: Float64Array;
}

/**
 * One step of η that never lowers Σ L_f − ½ r ‖η‖², by the fixed bound of its curvature, kept within ±1 as the paper's theorem
 * assumes.
 *
 *     η ← clip(η + (½ Σ φ̄ φ̄ᵀ + r I)⁻¹ (Σ (y − p) φ̄ᵀ − r η), −1, 1)
 *
 * Source   Böhning 1992, Multinomial logistic regression algorithm
 */
export function stepEta(eta: LabelMap, { gradient, gram }: EtaEvidence, ridge: number): LabelMap {
  const concepts = Math.round(Math.sqrt(gram.length));
  const curvature = gram.map((value) => value / 2);
  for (let k = 0; k < concepts; k++) curvature[k * (concepts + 1)]! += ridge;
  const lower = choleskyLower(curvature, concepts, "the curvature of eta");
  const next = eta.slice();
  for (let n = 0; n < eta.length / concepts; n++) {
    const move = gradient.slice(n * concepts, (n + 1) * concepts);
    for (let k = 0; k < concepts; k++) move[k]! -= ridge * eta[n * concepts + k]!;
    substitute(lower, concepts, move);
    for (let k = 0; k < concepts; k++) {
      const at = n * concepts + k;
      next[at] = Math.max(-1, Math.min(1, next[at]! + move[k]!));
    }
  }
  return next;
}
