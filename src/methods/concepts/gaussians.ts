/**
 * K Gaussians: from weighted moments to parameters, and from parameters to a linear map over features.
 *
 * Axes     K concepts · d dimensions · P features
 */
import { type CovarianceKind, featureCount, hasProducts } from "./features.ts";
import { choleskyInverse } from "./small-matrix.ts";

/** The dictionary of concepts. */
export interface Gaussians {
  readonly kind: CovarianceKind;
  readonly d: number;
  /** μ [K, d] */
  readonly means: Float64Array;
  /** Σ [K, d, d] whatever the kind: equal blocks when tied, diagonal ones when diagonal or spherical. */
  readonly covariances: Float64Array;
}

/** How covariances are kept away from zero. */
export interface CovariancePrior {
  /**
   * ε: every patch is known up to a spherical noise of this variance, in units of the mean variance of the data. Its effect is
   * Σ = S / n + ε I, and a term −½ ε tr Σ⁻¹ in every log-density, which keeps the updates climbing one objective.
   */
  readonly floor: number;
  /** n₀ of an inverse-Wishart prior: Σ = (S + n₀ Ψ) / (n + n₀), Ψ the mean variance on the diagonal; 0 for none. */
  readonly strength: number;
}

/** Σ_jt r_jk f_jt: K rows of P weighted feature sums. */
export type Moments = Float64Array;

/** The log-densities of K Gaussians over feature rows: −½ Mahalanobis by product, the rest by concept. */
export interface DensityMap {
  /** [P, K]: feature row times this is −½ (e − μ)ᵀ Σ⁻¹ (e − μ). */
  readonly quadratic: Float64Array;
  /** [K], ½ ln |Σ|. */
  readonly halfLogDet: Float64Array;
  /** [K], tr Σ⁻¹. */
  readonly traces: Float64Array;
  /** [K], ½ ε tr Σ⁻¹: what the floor costs. */
  readonly blur: Float64Array;
  /** ½ d ln 2π */
  readonly constant: number;
}

/** The map of densities of some Gaussians. @throws AssayError COVARIANCE_SINGULAR with the concept */
export function densityMap({ kind, d, means, covariances }: Gaussians, epsilon: number): DensityMap {
  const concepts = means.length / d;
  const features = featureCount(kind, d);
  const quadratic = new Float64Array(features * concepts);
  const halfLogDet = new Float64Array(concepts);
  const traces = new Float64Array(concepts);
  for (let k = 0; k < concepts; k++) {
    const { inverse, logDet } = choleskyInverse(covariances.subarray(k * d * d, (k + 1) * d * d), d, `concept ${k}`);
    halfLogDet[k] = logDet / 2;
    for (let i = 0; i < d; i++) traces[k]! += inverse[i * d + i]!;
    const column = quadraticForm(inverse, means.subarray(k * d, (k + 1) * d), { kind, d });
    for (let p = 0; p < features; p++) quadratic[p * concepts + k] = column[p]!;
  }
  const blur = traces.map((trace) => (epsilon / 2) * trace);
  return { quadratic, halfLogDet, traces, blur, constant: (d / 2) * Math.log(2 * Math.PI) };
}

/** −½ (e − μ)ᵀ P (e − μ) as coefficients of the features. */
function quadraticForm(
  precision: Float64Array,
  mean: Float64Array,
  { kind, d }: Pick<Gaussians, "kind" | "d">,
): Float64Array {
  const column = new Float64Array(featureCount(kind, d));
  const products = hasProducts(kind);
  let [at, constant] = [0, 0];
  const linear = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) linear[i]! += precision[i * d + j]! * mean[j]!;
    constant -= 0.5 * linear[i]! * mean[i]!;
    const end = products ? d : i + 1;
    for (let j = i; j < end; j++) column[at++] = (i === j ? -0.5 : -1) * precision[i * d + j]!;
  }
  column.set(linear, at);
  column[at + d] = constant;
  return column;
}

/** What an update needs to know. */
export interface UpdateOptions {
  readonly prior: CovariancePrior;
  /** The mean variance of the data, over dimensions. */
  readonly variance: number;
  /** Concepts of less mass than this keep what they have. */
  readonly least: number;
}

/**
 * The Gaussians that maximise Σ r ln N, with the prior.
 *
 *     μ = Σ r e / n      Σ = (S + n₀ Ψ) / (n + n₀) + n / (n + n₀) · ε I
 *
 * Source   Wang et al. 2024, PACE, equations 12 and 13, with the new mean
 */
export function updateGaussians(current: Gaussians, moments: Moments, options: UpdateOptions): Gaussians {
  const { kind, d } = current;
  const [means, covariances] = [current.means.slice(), current.covariances.slice()];
  const features = featureCount(kind, d);
  const concepts = means.length / d;
  const scatters = new Float64Array(concepts * d * d);
  const masses = new Float64Array(concepts);
  for (let k = 0; k < concepts; k++) {
    const sums = moments.subarray(k * features, (k + 1) * features);
    const mass = sums[features - 1]!;
    if (mass > options.least) {
      masses[k] = mass;
      for (let i = 0; i < d; i++) means[k * d + i] = sums[features - 1 - d + i]! / mass;
    }
    scatterOf(sums, means.subarray(k * d, (k + 1) * d), {
      kind,
      d,
      into: scatters.subarray(k * d * d, (k + 1) * d * d),
    });
  }
  shape(covariances, scatters, { kind, d, masses, ...options });
  return { kind, d, means, covariances };
}

/** S = Σ r (e − μ)(e − μ)ᵀ around any μ, its diagonal alone where products are not kept. */
function scatterOf(
  sums: Float64Array,
  mean: Float64Array,
  { kind, d, into }: { kind: CovarianceKind; d: number; into: Float64Array },
): void {
  const products = hasProducts(kind);
  const mass = sums.at(-1)!;
  const linear = sums.subarray(sums.length - 1 - d);
  let at = 0;
  for (let i = 0; i < d; i++) {
    const end = products ? d : i + 1;
    for (let j = i; j < end; j++) {
      const value = sums[at++]! - mean[i]! * linear[j]! - linear[i]! * mean[j]! + mass * mean[i]! * mean[j]!;
      into[i * d + j] = value;
      into[j * d + i] = value;
    }
    into[i * d + i] = Math.max(0, into[i * d + i]!);
  }
}

interface ShapeOptions extends UpdateOptions {
  readonly kind: CovarianceKind;
  readonly d: number;
  readonly masses: Float64Array;
}

/** Scatters into covariances of the wanted kind. */
function shape(into: Float64Array, scatters: Float64Array, { kind, d, masses, prior, variance }: ShapeOptions): void {
  const size = d * d;
  const pooled = masses.reduce((sum, one) => sum + one, 0);
  if (kind === "tied") pool(scatters, masses, size);
  for (const [k, mass] of masses.entries()) {
    if (mass === 0 && kind !== "tied") continue;
    const total = kind === "tied" ? pooled : mass;
    const scatter = scatters.subarray(k * size, (k + 1) * size);
    if (kind === "spherical") makeSpherical(scatter, d);
    for (let at = 0; at < size; at++) into[k * size + at] = scatter[at]! / (total + prior.strength);
    const added = (total * prior.floor + prior.strength) / (total + prior.strength);
    for (let i = 0; i < d; i++) into[k * size + i * (d + 1)]! += added * variance;
  }
}

function makeSpherical(scatter: Float64Array, d: number): void {
  let trace = 0;
  for (let i = 0; i < d; i++) trace += scatter[i * (d + 1)]!;
  for (let i = 0; i < d; i++) scatter[i * (d + 1)] = trace / d;
}

/** Gives every concept the sum of all scatters. */
function pool(scatters: Float64Array, masses: Float64Array, size: number): void {
  for (let at = 0; at < size; at++) {
    let total = 0;
    for (let k = 0; k < masses.length; k++) total += scatters[k * size + at]!;
    for (let k = 0; k < masses.length; k++) scatters[k * size + at] = total;
  }
}

/**
 * The log-density of the inverse-Wishart prior up to a constant, which the objective holds beside the data's.
 *
 *     −½ n₀ Σ_k (ln |Σ_k| + tr Ψ Σ_k⁻¹)
 */
export function logPrior(
  { halfLogDet, traces }: DensityMap,
  { kind, strength, variance }: { kind: CovarianceKind; strength: number; variance: number },
): number {
  const used = kind === "tied" ? 1 : halfLogDet.length;
  let total = 0;
  for (let k = 0; k < used; k++) total -= strength * (halfLogDet[k]! + (variance / 2) * traces[k]!);
  return total;
}
