import type { Json } from "#base";
import { type ExplainOptions, explainImages } from "../explain.ts";
import type { Explainer } from "../explanation.ts";
import { type FitOptions, fitConcepts } from "../fit.ts";
import { completeSettings } from "../settings.ts";

/**
 * PACE as one explainer among others.
 *
 * Source   Wang et al. 2024
 */
export function paceExplainer(fit: FitOptions = {}, explained: ExplainOptions = {}): Explainer {
  const { onEpoch: _, signal: __, given: ___, ...wanted } = fit;
  const settings = { ...completeSettings(wanted), theta: "mean", labels: "free", ...explained } as unknown as Json;
  const about = { name: "PACE", level: "full", settings } as const;
  return {
    ...about,
    async fit(source) {
      const model = await fitConcepts(source, fit);
      return { ...about, size: model.settings.concepts, explain: (images) => explainImages(model, images, explained) };
    },
  };
}
