/** The stability part of the model: an image and its perturbed self should share concepts, more than two images do. */

/** What β is applied to: φ̄ of each image of a batch, and of the perturbed one where there is one. */
export interface PairBatch {
  readonly originals: readonly Float64Array[];
  /** By place in `originals`. */
  readonly perturbed: ReadonlyMap<number, Float64Array>;
}

/** β · (φ̄ ∘ φ̄') */
const affinity = (beta: Float64Array, a: Float64Array, b: Float64Array): number => {
  let total = 0;
  for (let k = 0; k < beta.length; k++) total += beta[k]! * a[k]! * b[k]!;
  return total;
};

/** π over the other images of the batch, softmax of their affinity, and the logarithm of its normaliser. */
function negatives(beta: Float64Array, at: number, originals: readonly Float64Array[]) {
  const scores = originals.map((other, f) =>
    f === at ? Number.NEGATIVE_INFINITY : affinity(beta, originals[at]!, other),
  );
  const peak = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - peak));
  const total = shares.reduce((sum, share) => sum + share, 0);
  return { shares: shares.map((share) => share / total), logTotal: peak + Math.log(total) };
}

/**
 * L_s of one image, the others of its batch standing for all others; 0 where it has no perturbed self or no other.
 *
 *     L_s = β · (φ̄ ∘ φ̄') − ln Σ_{f ≠ m} exp(β · (φ̄ ∘ φ̄_f))
 *
 * Source   Wang et al. 2024, PACE, equation 9
 */
export function pairBound(beta: Float64Array, { originals, perturbed }: PairBatch, at: number): number {
  const own = perturbed.get(at);
  if (own === undefined || originals.length < 2) return 0;
  return affinity(beta, originals[at]!, own) - negatives(beta, at, originals).logTotal;
}

/** ∂L_s / ∂φ̄_k = β_k φ̄'_k − Σ_f π_f β_k φ̄_fk: S of the paper's equation 10, elementwise. */
export function pairGradient(beta: Float64Array, { originals, perturbed }: PairBatch, at: number): Float64Array {
  const gradient = new Float64Array(beta.length);
  const own = perturbed.get(at);
  if (own === undefined || originals.length < 2) return gradient;
  const { shares } = negatives(beta, at, originals);
  for (let k = 0; k < beta.length; k++) {
    let expected = 0;
    for (const [f, share] of shares.entries()) expected += share * originals[f]![k]!;
    gradient[k] = beta[k]! * (own[k]! - expected);
  }
  return gradient;
}

/** ∂L_s / ∂β_k = φ̄_k (φ̄'_k − Σ_f π_f φ̄_fk), added to a running sum. */
export function addBetaGradient(
  into: Float64Array,
  beta: Float64Array,
  { batch, at }: { batch: PairBatch; at: number },
): void {
  const { originals, perturbed } = batch;
  const own = perturbed.get(at);
  if (own === undefined || originals.length < 2) return;
  const { shares } = negatives(beta, at, originals);
  for (let k = 0; k < beta.length; k++) {
    let expected = 0;
    for (const [f, share] of shares.entries()) expected += share * originals[f]![k]!;
    into[k]! += originals[at]![k]! * (own[k]! - expected);
  }
}

/** A step of β along its gradient, a mean over images, kept within 0 and 1 as the paper's theorem assumes. */
export function stepBeta(
  beta: Float64Array,
  gradient: Float64Array,
  { images, rate = 1 }: { images: number; rate?: number },
): Float64Array {
  return beta.map((value, k) =>
    Math.max(0, Math.min(1, value + (rate * beta.length * gradient[k]!) / Math.max(1, images))),
  );
}
