/** The plainest explainers: directions of most variance, and no explanation at all. */

import { stream } from "#base";
import type { Explainer } from "../explanation.ts";
import { patchMoments, projectionOf } from "../projection.ts";
import { pooledExplainer } from "./pooled.ts";
import { completeOptions, type EmbeddingOptions } from "./prepare.ts";

/** Settings of principal components. */
export interface ComponentsOptions extends Omit<EmbeddingOptions, "projection" | "dimensions" | "patches"> {
  readonly concepts: number;
}

/** Concepts as principal components: signed, so no share of anything. */
export function componentsExplainer({ concepts, ...options }: ComponentsOptions): Explainer {
  const { weights, seed } = completeOptions(options);
  const about = { name: "PCA", level: "partial", settings: { concepts, weights } as never } as const;
  return {
    ...about,
    async fit(source) {
      const d = Math.min(concepts, source.width);
      const random = stream(seed, "concepts/components");
      const projection = projectionOf(await patchMoments(source), { kind: "pca", d, random });
      const parts = { model: source.model, projection, weights, size: projection.d };
      return pooledExplainer({ ...about, ...parts, score: (rows) => rows.slice(), showsPatches: true });
    },
  };
}

/** The mean embedding itself: as faithful as a linear map of it can be, and it explains nothing. */
export function meanEmbeddingExplainer(options: Pick<EmbeddingOptions, "weights"> = {}): Explainer {
  const { weights } = completeOptions(options);
  const about = { name: "mean embedding", level: "no", settings: { weights } as never } as const;
  return {
    ...about,
    async fit(source) {
      const moments = await patchMoments(source);
      const random = stream(0, "concepts/mean-embedding");
      const centred = projectionOf(moments, { kind: "none", d: source.width, random });
      const projection = { ...centred, centre: new Float64Array(source.width) };
      const parts = { model: source.model, projection, weights, size: source.width };
      return pooledExplainer({ ...about, ...parts, score: (rows) => rows.slice(), showsPatches: false });
    },
  };
}
