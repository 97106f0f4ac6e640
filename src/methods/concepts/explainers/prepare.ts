/** What every explainer of embeddings begins with. */
import { stream } from "#base";
import type { WeightedRows } from "../clusters.ts";
import type { EmbeddingSource } from "../embedded-image.ts";
import { type Projection, type ProjectionKind, patchMoments, projectionOf } from "../projection.ts";
import { samplePatches } from "../start.ts";
import { defaultWeights, type WeightOptions } from "../weights.ts";

/** Settings that the explainers of embeddings share. */
export interface EmbeddingOptions {
  readonly projection?: ProjectionKind;
  /** Dimensions that the projection keeps; 25 when left out, as in the paper. */
  readonly dimensions?: number;
  readonly weights?: WeightOptions;
  /** Patches that it learns from; 20,000 when left out. */
  readonly patches?: number;
  readonly seed?: number;
}

/** Options with their defaults, as they are recorded. */
export const completeOptions = (options: EmbeddingOptions, projection: ProjectionKind = "whiten") =>
  ({ projection, dimensions: 25, weights: defaultWeights, patches: 20_000, seed: 0, ...options }) as const;

/** A projection and a sample of projected patches. */
export async function prepare(
  source: EmbeddingSource,
  { projection: kind, dimensions, weights, patches, seed }: Required<EmbeddingOptions>,
): Promise<{ readonly projection: Projection; readonly sample: WeightedRows }> {
  const moments = await patchMoments(source);
  const d = Math.min(dimensions, source.width);
  const projection = projectionOf(moments, { kind, d, random: stream(seed, "concepts/projection") });
  const random = stream(seed, "concepts/sample");
  return { projection, sample: await samplePatches(source, { projection, weights, count: patches, random }) };
}
