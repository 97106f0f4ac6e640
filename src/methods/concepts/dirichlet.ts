/** Pieces of the Dirichlet distribution that the bound needs. */
import { digamma, lgamma } from "#base";

/** E[ln θ_k] under Dirichlet(γ). Shapes   γ [K] → [K] */
export function expectedLog(gamma: ArrayLike<number>, into = new Float64Array(gamma.length)): Float64Array {
  let total = 0;
  for (let k = 0; k < gamma.length; k++) total += gamma[k]!;
  const whole = digamma(total);
  for (let k = 0; k < gamma.length; k++) into[k] = digamma(gamma[k]!) - whole;
  return into;
}

/** ln B(γ) = Σ ln Γ(γ_k) − ln Γ(Σ γ_k) */
export function logBeta(gamma: ArrayLike<number>): number {
  let [total, sum] = [0, 0];
  for (let k = 0; k < gamma.length; k++) {
    total += gamma[k]!;
    sum += lgamma(gamma[k]!);
  }
  return sum - lgamma(total);
}

/** ψ'(x) = d²/dx² ln Γ(x), by recurrence to x ≥ 10 and the asymptotic series. */
export function trigamma(x: number): number {
  let [value, at] = [0, x];
  for (; at < 10; at++) value += 1 / (at * at);
  const inverse = 1 / (at * at);
  const series = 1 / 6 - inverse * (1 / 30 - inverse * (1 / 42 - inverse * (1 / 30 - (inverse * 5) / 66)));
  return value + 1 / at + inverse / 2 + (inverse / at) * series;
}

/** What α is learnt from: the sum over M images of E[ln θ]. */
export interface AlphaEvidence {
  readonly images: number;
  /** Σ_m E[ln θ_mk], [K] */
  readonly logs: Float64Array;
}

/** One α for all concepts, or one each. */
export type AlphaShape = "symmetric" | "each";

const [mostSteps, least] = [100, 1e-4];

/**
 * The α that maximises the bound, by Newton's method in ln α, which no step makes worse.
 *
 *     max_α  M (ln Γ(Σα) − Σ ln Γ(α_k)) + Σ_k (α_k − 1) Σ_m E[ln θ_mk]
 *
 * Source   Minka 2000, Estimating a Dirichlet distribution; Blei et al. 2003, appendix A.4.2
 */
export function learnAlpha(start: Float64Array, evidence: AlphaEvidence, shape: AlphaShape): Float64Array {
  let alpha = start;
  let value = alphaObjective(alpha, evidence);
  for (let step = 0; step < mostSteps; step++) {
    const move = shape === "symmetric" ? symmetricStep(alpha, evidence) : separateStep(alpha, evidence);
    const next = climb(alpha, move, { value, evidence });
    if (next === undefined) return alpha;
    const gain = next.value - value;
    ({ alpha, value } = next);
    if (gain < 1e-10 * (1 + Math.abs(value))) return alpha;
  }
  return alpha;
}

/** The part of the bound that α decides. */
export function alphaObjective(alpha: Float64Array, { images, logs }: AlphaEvidence): number {
  return alpha.reduce((total, value, k) => total + (value - 1) * logs[k]!, -images * logBeta(alpha));
}

/** The whole step, or half of it, and so on, in ln α. */
function climb(
  alpha: Float64Array,
  move: Float64Array,
  { value, evidence }: { value: number; evidence: AlphaEvidence },
) {
  for (let share = 1; share > 1e-6; share /= 2) {
    const next = alpha.map((one, k) => Math.max(least, one * Math.exp(Math.max(-2, Math.min(2, share * move[k]!)))));
    const reached = alphaObjective(next, evidence);
    if (reached > value) return { alpha: next, value: reached };
  }
  return;
}

/** Newton for ln a with α = a 1: g / |h|, with the gradient's own sign where the curvature has the wrong one. */
function symmetricStep(alpha: Float64Array, { images, logs }: AlphaEvidence): Float64Array {
  const [concepts, a] = [alpha.length, alpha[0]!];
  const slope = concepts * images * (digamma(concepts * a) - digamma(a)) + logs.reduce((sum, log) => sum + log, 0);
  const bend = concepts * images * (concepts * trigamma(concepts * a) - trigamma(a));
  const curvature = a * a * bend + a * slope;
  const move = curvature < 0 ? (-a * slope) / curvature : Math.sign(slope);
  return new Float64Array(concepts).fill(move);
}

/** Newton with Hessian diag(q) + z 11ᵀ, solved in linear time; a move of α as one of ln α. */
function separateStep(alpha: Float64Array, { images, logs }: AlphaEvidence): Float64Array {
  const total = alpha.reduce((sum, value) => sum + value, 0);
  const slope = alpha.map((value, k) => images * (digamma(total) - digamma(value)) + logs[k]!);
  const diagonal = alpha.map((value) => -images * trigamma(value));
  const z = images * trigamma(total);
  let [above, below] = [0, 1 / z];
  for (let k = 0; k < alpha.length; k++) {
    above += slope[k]! / diagonal[k]!;
    below += 1 / diagonal[k]!;
  }
  const shared = above / below;
  return alpha.map((value, k) => -(slope[k]! - shared) / diagonal[k]! / value);
}
