import { stream } from "#base";
import { refineCentres, spreadCentres } from "../clusters.ts";
import type { Explainer } from "../explanation.ts";
import { pooledExplainer } from "./pooled.ts";
import { completeOptions, type EmbeddingOptions, prepare } from "./prepare.ts";

/** Settings of the k-means explainer. */
export interface KMeansOptions extends EmbeddingOptions {
  readonly concepts: number;
  readonly rounds?: number;
}

/** Concepts as clusters: a patch has the nearest one, an image the shares of its patches. @throws AssayError CONCEPTS_TOO_MANY when fitted */
export function kMeansExplainer({ concepts, rounds = 100, ...options }: KMeansOptions): Explainer {
  const shared = completeOptions(options);
  const about = { name: "k-means", level: "full", settings: { concepts, rounds, ...shared } as never } as const;
  return {
    ...about,
    async fit(source) {
      const { projection, sample } = await prepare(source, shared);
      const start = spreadCentres(sample, concepts, stream(shared.seed, "concepts/k-means"));
      const { centres } = refineCentres(sample, start, rounds);
      const score = (rows: Float64Array) => nearestCentres(rows, centres, projection.d);
      const parts = { model: source.model, projection, weights: shared.weights, score };
      return pooledExplainer({ ...about, ...parts, size: concepts, showsPatches: true });
    },
  };
}

/** One where a centre is the nearest. Shapes   rows [J, d] · centres [K, d] → [J, K] */
function nearestCentres(rows: Float64Array, centres: Float64Array, d: number): Float64Array {
  const [patches, concepts] = [rows.length / d, centres.length / d];
  const scores = new Float64Array(patches * concepts);
  const weights = new Float64Array(patches).fill(1);
  const { labels } = refineCentres({ rows, weights, d }, centres, 0);
  for (const [j, label] of labels.entries()) scores[j * concepts + label] = 1;
  return scores;
}
