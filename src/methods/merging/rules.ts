/**
 * Merging one tensor of several models.
 *
 * Symbols   θ_i models · θ_0 base · τ_i = θ_i − θ_0 · w_i weights · λ scale
 *
 * Numbers are added up in double precision and rounded once to float32, where mergekit adds up in the models' own type.
 */
import { AssayError } from "#base";

/** One tensor of one model: its numbers, and what they weigh. */
export interface WeightedTensor {
  readonly data: Float32Array;
  readonly weight: number;
}

/**
 * The weighted mean, or the weighted sum where nothing is normalised.
 *
 *     θ = Σ w_i θ_i / Σ w_i
 *
 * Source   Wortsman et al. 2022, Model soups; mergekit 0.1.5, merge_methods/linear.py
 * @throws AssayError MERGE_WEIGHTS_INVALID when the weights to be divided by add up to zero
 */
export function mergeLinear(models: readonly WeightedTensor[], { normalize = true } = {}): Float32Array {
  const total = normalize ? models.reduce((sum, { weight }) => sum + weight, 0) : 1;
  if (total === 0) {
    throw new AssayError(
      "MERGE_WEIGHTS_INVALID",
      "merge: Expected weights with a sum, got a sum of 0; set normalize to false",
    );
  }
  const [first, ...rest] = models;
  const sum = Float64Array.from(first!.data, (number) => number * first!.weight);
  for (const { data, weight } of rest) for (let at = 0; at < sum.length; at++) sum[at]! += weight * data[at]!;
  return Float32Array.from(sum, (number) => number / total);
}

/** Beyond this cosine two tensors count as parallel, and the arc as its chord. */
const parallel = 0.9995;
/** A tensor shorter than this has no direction. */
const noLength = 1e-8;

/**
 * The way along the arc between two whole tensors; along the chord where they are parallel or opposed.
 *
 *     θ = sin((1 − t)Ω) / sin Ω · θ_a + sin(tΩ) / sin Ω · θ_b      cos Ω = ⟨θ_a, θ_b⟩ / (‖θ_a‖ ‖θ_b‖)
 *
 * Source   Shoemake 1985; mergekit 0.1.5, merge_methods/slerp.py
 */
export function mergeSlerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  const lengths = [lengthOf(a), lengthOf(b)].map((length) => (length > noLength ? length : 1));
  const cosine = Math.max(-1, Math.min(1, dot(a, b) / (lengths[0]! * lengths[1]!)));
  const omega = Math.acos(cosine);
  const [left, right] =
    Math.abs(cosine) > parallel
      ? [1 - t, t]
      : [Math.sin((1 - t) * omega) / Math.sin(omega), Math.sin(t * omega) / Math.sin(omega)];
  return a.map((number, at) => left! * number + right! * b[at]!);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

const lengthOf = (a: Float32Array): number => Math.sqrt(dot(a, a));

/** How the differences of the models to their base are put together. */
export interface TaskMergeOptions {
  /** λ, over everything that is added to the base. Default 1. */
  readonly scale?: number;
  /** Whether the sum is divided by the weights that took part. */
  readonly normalize?: boolean;
  /** Whether only entries of the elected sign take part. */
  readonly elect?: boolean;
}

/**
 * Adds differences to a base: task arithmetic, and with an election of signs TIES.
 *
 *     θ = θ_0 + λ · Σ w_i τ_i                                                        task arithmetic
 *     s = +1 where Σ w_i τ_i ≥ 0, else −1     θ = θ_0 + λ · Σ_{sign(w_i τ_i) = s} w_i τ_i / Σ_{same} w_i     TIES
 *
 * `tasks` are the τ_i, trimmed or thinned before; they are left as they are.
 *
 * Source   Ilharco et al. 2023, Editing models with task arithmetic; Yadav et al. 2023, TIES-Merging
 */
export function mergeTasks(
  base: Float32Array,
  tasks: readonly WeightedTensor[],
  options: TaskMergeOptions = {},
): Float32Array {
  const { scale = 1, normalize = false, elect = false } = options;
  const all = tasks.reduce((sum, { weight }) => sum + weight, 0);
  const divisor = Math.abs(all) < noLength ? 1 : all;
  return base.map((number, at) => {
    const { sum, weights } = elect ? elected(tasks, at) : { sum: summed(tasks, at), weights: divisor };
    return number + (scale * sum) / (normalize ? weights : 1);
  });
}

function summed(tasks: readonly WeightedTensor[], at: number): number {
  let sum = 0;
  for (const { data, weight } of tasks) sum += weight * data[at]!;
  return sum;
}

/** An exact sum of zero elects +1, and a trimmed zero has no sign that fits. */
function elected(tasks: readonly WeightedTensor[], at: number): { sum: number; weights: number } {
  const sign = summed(tasks, at) >= 0 ? 1 : -1;
  let [sum, weights] = [0, 0];
  for (const { data, weight } of tasks) {
    if (Math.sign(weight * data[at]!) !== sign) continue;
    sum += weight * data[at]!;
    weights += weight;
  }
  return { sum, weights: weights === 0 ? 1 : weights };
}
