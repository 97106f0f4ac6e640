/** Ways to take a value vector away. */
import { AssayError, type RandomStream, stream, suggestion } from "#base";
import type { LanguageModel } from "#models";
import { expectPlace, type ValueVectorPlace } from "./place.ts";
import { rowOf, type ValueVectorEdit, valueVector, valueVectors } from "./read.ts";

/** What is put in place of v. */
export const ablations = {
  noise: "v + σ ε: noise of a fixed spread, as the paper has it",
  "relative-noise": "v + σ · RMS(v) ε: noise in units of the vector's own coordinates",
  zero: "0",
  mean: "the mean of the block's value vectors",
  "sign-flip": "−v",
} as const;

/** The name of an ablation. */
export type AblationKind = keyof typeof ablations;

/** How a value vector is taken away. */
export interface Ablation {
  readonly kind: AblationKind;
  /** σ of the two noises; 0.1 (the paper's) and 5 when left out. */
  readonly sigma?: number;
  /** Of the noise; 0 when left out. */
  readonly seed?: number;
}

/**
 * The edit that takes a value vector away. Noise depends on the seed and the place alone.
 *
 * @throws AssayError LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE, ABLATION_UNKNOWN, OPTION_RANGE
 */
export function ablate(model: LanguageModel, place: ValueVectorPlace, ablation: Ablation): ValueVectorEdit {
  expectPlace(place, model.config);
  const before = valueVector(model, place);
  const { layer, column } = place;
  const random = stream(ablation.seed ?? 0, `ablation/${layer}/${column}`);
  return {
    layer,
    column,
    before,
    after: replacement(before, { ...ablation, random, all: valueVectors(model, layer) }),
  };
}

interface Replacing extends Ablation {
  readonly random: RandomStream;
  readonly all: ReturnType<typeof valueVectors>;
}

function replacement(vector: Float32Array, { kind, sigma, random, all }: Replacing): Float32Array {
  switch (kind) {
    case "noise":
      return noisy(vector, expectSigma(sigma ?? 0.1), random);
    case "relative-noise":
      return noisy(vector, expectSigma(sigma ?? 5) * rootMeanSquare(vector), random);
    case "zero":
      return new Float32Array(vector.length);
    case "mean":
      return meanRow(all);
    case "sign-flip":
      return vector.map((value) => -value);
    default:
      throw unknownAblation(kind);
  }
}

const noisy = (vector: Float32Array, sigma: number, random: RandomStream): Float32Array =>
  vector.map((value) => value + sigma * random.normal());

/** √(mean of squares): a vector's spread around zero. */
export function rootMeanSquare(vector: ArrayLike<number>): number {
  let squares = 0;
  for (let at = 0; at < vector.length; at++) squares += vector[at]! ** 2;
  return Math.sqrt(squares / vector.length);
}

/** The mean over rows, added up in double precision. */
export function meanRow(matrix: ReturnType<typeof valueVectors>): Float32Array {
  const [rows, size] = matrix.shape as [number, number];
  const total = new Float64Array(size);
  for (let row = 0; row < rows; row++) {
    for (const [at, value] of rowOf(matrix, row).entries()) total[at]! += value;
  }
  return Float32Array.from(total, (value) => value / rows);
}

function expectSigma(sigma: number): number {
  if (Number.isFinite(sigma) && sigma >= 0) return sigma;
  throw new AssayError("OPTION_RANGE", `ablate: Expected a spread of zero or more, got ${sigma}`);
}

function unknownAblation(kind: string): AssayError {
  const names = Object.keys(ablations);
  const claim = `Expected one of ${names.join(", ")}, got "${kind}"${suggestion(kind, names)}`;
  return new AssayError("ABLATION_UNKNOWN", `ablate: ${claim}`);
}
