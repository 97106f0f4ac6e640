/** Explainers that score patches and average the scores: all of them but those with a θ of their own. */
import { AssayError, type Json } from "#base";
import { batchesOf } from "../batch.ts";
import type { EmbeddingSource } from "../embedded-image.ts";
import type { FittedExplainer, ImageExplanation, Level } from "../explanation.ts";
import type { Projection } from "../projection.ts";
import type { WeightOptions } from "../weights.ts";

/** What such an explainer is made of. */
export interface PooledParts {
  readonly name: string;
  readonly level: Level;
  readonly size: number;
  readonly settings: Json;
  /** Hash of the model whose embeddings it learnt from. */
  readonly model: string;
  readonly projection: Projection;
  readonly weights: WeightOptions;
  /** Scores of an image's patches. Shapes   rows [J, d] → [J, K] */
  score(rows: Float64Array): Float64Array | Promise<Float64Array>;
  /** Whether the scores are shown as an explanation of each patch. */
  readonly showsPatches: boolean;
}

/**
 * The explainer of a patch score.
 *
 *     θ = Σ_j w_j score_j / Σ_j w_j
 */
export function pooledExplainer(parts: PooledParts): FittedExplainer {
  const { name, level, size, settings, model, projection, weights, score, showsPatches } = parts;
  async function* explain(source: EmbeddingSource): AsyncGenerator<ImageExplanation> {
    expectModel(name, model, source);
    for await (const batch of batchesOf(source, { projection, weights })) {
      for (const [at, { id }] of batch.images.entries()) {
        const [start, end] = [batch.starts[at]!, batch.starts[at + 1]!];
        const patches = await score(batch.rows.subarray(start * projection.d, end * projection.d));
        const theta = weightedMean(patches, batch.weights.subarray(start, end));
        yield showsPatches ? { id, theta, patches } : { id, theta };
      }
    }
  }
  return { name, level, size, settings, explain };
}

/** @throws AssayError MODEL_MISMATCH */
export function expectModel(name: string, model: string, source: EmbeddingSource): void {
  if (source.model === model) return;
  const claim = `Expected embeddings of model "${model}", got "${source.model}" in ${source.name}`;
  throw new AssayError("MODEL_MISMATCH", `${name}: ${claim}; fit an explainer to this model`);
}

/** The weighted mean of rows. Shapes   rows [J, K] · weights [J] → [K] */
export function weightedMean(rows: Float64Array, weights: Float64Array): Float64Array {
  const size = rows.length / weights.length;
  const mean = new Float64Array(size);
  const mass = weights.reduce((sum, weight) => sum + weight, 0);
  for (let at = 0; at < rows.length; at++) mean[at % size]! += (weights[Math.floor(at / size)]! / mass) * rows[at]!;
  return mean;
}
