/** The paper's desiderata of an explanation, each with what keeps it honest. */
import { AssayError, mean } from "#base";
import { type Labelled, logisticRegression } from "./logistic-regression.ts";

/** θ of images by which a model's answers are predicted. */
export interface FaithfulnessData {
  /** θ and the model's answers on images to learn from. */
  readonly train: Labelled;
  readonly test: Labelled & {
    /** The model's probabilities, for the soft variant. */
    readonly probabilities?: readonly ArrayLike<number>[];
  };
  readonly classes: number;
}

/** How well θ tells what the model will answer. */
export interface Faithfulness {
  /** Share of test images whose answer θ predicts. */
  readonly hard: number;
  /** Mean KL of the model's probabilities from the predicted ones, in nats; lower is better, null without probabilities. */
  readonly soft: number | null;
  /** The share that the commonest training answer gets: what a θ without information reaches. */
  readonly chance: number;
  /** 1 or 0 for each test image. */
  readonly perImage: readonly number[];
}

/**
 * Faithfulness: accuracy of a linear map from z-scored θ to the model's answer.
 *
 * Source   Wang et al. 2024, PACE, §5.1; L2 with C = 1, lbfgs, at most 2,500 iterations, as in the official metrics
 *
 * @throws AssayError MEASURE_INPUT
 */
export function faithfulness({ train, test, classes }: FaithfulnessData): Faithfulness {
  if (test.rows.length === 0) throw new AssayError("MEASURE_INPUT", "faithfulness: Expected test images, got none");
  const counted = [test.labels.length, test.probabilities?.length ?? test.rows.length];
  if (counted.some((count) => count !== test.rows.length)) {
    const got = `${counted.join(" and ")} for ${test.rows.length}`;
    throw new AssayError(
      "MEASURE_INPUT",
      `faithfulness: Expected an answer and probabilities a test image, got ${got}`,
    );
  }
  const map = logisticRegression(train, { classes });
  const found = test.rows.map((row) => map.probabilities(row));
  const perImage = found.map((p, at) => Number(p.indexOf(Math.max(...p)) === test.labels[at]));
  const counts = new Map<number, number>();
  for (const label of train.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const commonest = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
  const { probabilities } = test;
  return {
    hard: mean(perImage),
    soft: probabilities === undefined ? null : mean(found.map((p, at) => divergence(p, probabilities[at]!))),
    chance: mean(test.labels.map((label) => Number(label === commonest))),
    perImage,
  };
}

/** Below this a probability is rounding, and its logarithm would decide everything. */
const least = 1e-12;

/** KL(p ‖ q) = Σ p ln(p / q) */
function divergence(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let total = 0;
  for (let n = 0; n < p.length; n++) {
    if (p[n]! > 0) total += p[n]! * Math.log(p[n]! / Math.max(q[n]!, least));
  }
  return total;
}

/** θ before and after a perturbation, and what chance would make of it. */
export interface Stability {
  /** Mean of ‖θ − θ'‖ / ‖θ‖: the paper's number, which a flat θ wins. */
  readonly raw: number;
  /** Mean ‖θ − θ'‖ over the mean distance of two different images: 0 steady, 1 no steadier than another image. Null where all images are alike. */
  readonly corrected: number | null;
  /** Share of images whose own perturbed self is the nearest of all perturbed ones. */
  readonly retrieval: number;
  /** ‖θ − θ'‖ / ‖θ‖ of each image. */
  readonly perImage: readonly number[];
}

const distance = (a: Float64Array, b: Float64Array): number =>
  Math.sqrt(a.reduce((sum, value, k) => sum + (value - b[k]!) ** 2, 0));

/**
 * Stability: how far θ moves when the image is perturbed; lower is better.
 *
 *     raw = mean ‖θ_m − θ'_m‖ / ‖θ_m‖      corrected = mean ‖θ_m − θ'_m‖ / mean_{m ≠ f} ‖θ_m − θ_f‖
 *
 * Source   Wang et al. 2024, PACE, §5.1
 *
 * @throws AssayError MEASURE_INPUT
 */
export function stability(thetas: readonly Float64Array[], perturbed: readonly Float64Array[]): Stability {
  if (thetas.length === 0 || thetas.length !== perturbed.length) {
    throw new AssayError(
      "MEASURE_INPUT",
      `stability: Expected pairs of explanations, got ${thetas.length} and ${perturbed.length}`,
    );
  }
  const moves = thetas.map((theta, at) => distance(theta, perturbed[at]!));
  const perImage = moves.map(
    (move, at) => move / Math.max(Math.sqrt(thetas[at]!.reduce((sum, value) => sum + value * value, 0)), least),
  );
  let [apart, pairs, found] = [0, 0, 0];
  for (const [m, theta] of thetas.entries()) {
    let nearest = 0;
    let gap = Number.POSITIVE_INFINITY;
    for (const [f, other] of thetas.entries()) {
      const toPerturbed = distance(theta, perturbed[f]!);
      if (toPerturbed < gap) [nearest, gap] = [f, toPerturbed];
      if (f >= m) continue;
      apart += distance(theta, other);
      pairs++;
    }
    found += Number(nearest === m);
  }
  const typical = pairs === 0 ? 0 : apart / pairs;
  return {
    raw: mean(perImage),
    corrected: typical > 0 ? mean(moves) / typical : null,
    retrieval: found / thetas.length,
    perImage,
  };
}

/**
 * Sparsity: the share of concepts that an image hardly has, θ brought to a sum of one first; higher is better.
 *
 *     mean [ |θ_mk| / Σ |θ_m| < 0.1 / K ]
 *
 * Source   Wang et al. 2024, PACE, §5.1; magnitudes, since some explainers give signed numbers
 */
export function sparsity(thetas: readonly Float64Array[]): {
  readonly value: number;
  readonly perImage: readonly number[];
} {
  const perImage = thetas.map((theta) => {
    const total = theta.reduce((sum, value) => sum + Math.abs(value), 0);
    return mean(Array.from(theta, (value) => Number(Math.abs(value) < (0.1 / theta.length) * total || total === 0)));
  });
  return { value: mean(perImage), perImage };
}
