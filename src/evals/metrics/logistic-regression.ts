import { AssayError } from "#base";
import { minimize } from "./lbfgs.ts";

/** Rows of features with a class each. */
export interface Labelled {
  readonly rows: readonly Float64Array[];
  readonly labels: readonly number[];
}

/** A linear map from features to classes. */
export interface LogisticRegression {
  /** Probability of each class, in the order of the class numbers. Shapes   [F] → [classes] */
  probabilities(row: Float64Array): Float64Array;
}

/** How it is fitted. */
export interface LogisticOptions {
  readonly classes: number;
  /** One over the strength of the penalty; 1 when left out. */
  readonly c?: number;
  readonly iterations?: number;
}

/** Means and spreads of training features; a constant feature is left where it is. */
function standardizer(rows: readonly Float64Array[]): (row: Float64Array) => Float64Array {
  const width = rows[0]!.length;
  const [means, spreads] = [new Float64Array(width), new Float64Array(width)];
  for (const row of rows) for (let i = 0; i < width; i++) means[i]! += row[i]! / rows.length;
  for (const row of rows) for (let i = 0; i < width; i++) spreads[i]! += (row[i]! - means[i]!) ** 2 / rows.length;
  // As scikit-learn's StandardScaler: what varies by no more than its sums are rounded counts as constant.
  const rounding = rows.length * Number.EPSILON;
  const scales = spreads.map((spread, i) =>
    spread <= rounding * spread + (rounding * means[i]!) ** 2 ? 1 : Math.sqrt(spread),
  );
  return (row) => row.map((value, i) => (value - means[i]!) / scales[i]!);
}

/**
 * Multinomial logistic regression on standardised features; two classes share one weight vector.
 *
 *     min ½ ‖W‖² − C Σ ln softmax(W x + b)_y, b not penalised
 *
 * Source   scikit-learn's LogisticRegression (L2, lbfgs) after StandardScaler
 *
 * @throws AssayError MEASURE_INPUT without rows, or with labels that are no classes
 */
export function logisticRegression(
  { rows, labels }: Labelled,
  { classes, c = 1, iterations = 2500 }: LogisticOptions,
): LogisticRegression {
  const known = [...new Set(labels)].sort((a, b) => a - b);
  const isRight =
    rows.length > 0 &&
    labels.length === rows.length &&
    known.every((label) => Number.isInteger(label) && label >= 0 && label < classes);
  if (!isRight) {
    const got = `${rows.length} rows with labels ${known.slice(0, 9).join(", ")}`;
    throw new AssayError("MEASURE_INPUT", `logisticRegression: Expected rows with labels below ${classes}, got ${got}`);
  }
  const scale = standardizer(rows);
  const outputs = known.length === 2 ? 1 : known.length;
  const problem = { rows: rows.map(scale), targets: labels.map((label) => known.indexOf(label)), outputs, c };
  const width = rows[0]!.length;
  const weights = known.length === 1 ? new Float64Array(0) : fitWeights(problem, width, iterations);
  return {
    probabilities(row) {
      const found = new Float64Array(classes);
      const p = known.length === 1 ? [1] : softmaxOf(scoresOf(weights, scale(row), outputs));
      for (const [at, label] of known.entries()) found[label] = p[at]!;
      return found;
    },
  };
}

interface Problem {
  readonly rows: readonly Float64Array[];
  /** Place of each row's class among those that occur. */
  readonly targets: readonly number[];
  /** Weight vectors: one for two classes. */
  readonly outputs: number;
  readonly c: number;
}

/** W x + b for each output; one output stands against a class of score zero. Weights lie [output, width + 1]. */
function scoresOf(weights: Float64Array, row: Float64Array, outputs: number): number[] {
  const width = row.length;
  const scores = Array.from({ length: outputs }, (_, output) => {
    const base = output * (width + 1);
    let score = weights[base + width]!;
    for (let i = 0; i < width; i++) score += weights[base + i]! * row[i]!;
    return score;
  });
  return outputs === 1 ? [0, scores[0]!] : scores;
}

function softmaxOf(scores: readonly number[]): number[] {
  const peak = Math.max(...scores);
  const raw = scores.map((score) => Math.exp(score - peak));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

function fitWeights({ rows, targets, outputs, c }: Problem, width: number, iterations: number): Float64Array {
  const size = width + 1;
  const shift = outputs === 1 ? 1 : 0;
  const objective = (weights: Float64Array) => {
    const gradient = new Float64Array(weights.length);
    let value = 0;
    for (const [at, row] of rows.entries()) {
      const p = softmaxOf(scoresOf(weights, row, outputs));
      value -= c * Math.log(Math.max(p[targets[at]!]!, Number.MIN_VALUE));
      for (let output = 0; output < outputs; output++) {
        const error = c * (p[output + shift]! - (targets[at] === output + shift ? 1 : 0));
        for (let i = 0; i < width; i++) gradient[output * size + i]! += error * row[i]!;
        gradient[output * size + width]! += error;
      }
    }
    for (let at = 0; at < weights.length; at++) {
      if (at % size === width) continue;
      value += 0.5 * weights[at]! ** 2;
      gradient[at]! += weights[at]!;
    }
    return { value, gradient };
  };
  return minimize(objective, new Float64Array(outputs * size), { iterations, tolerance: 1e-6 });
}
