/** The same model with other α, weights, labels and estimators. */
import type { Json } from "#base";
import { type ConceptModel, type ExplainOptions, explainImages, fitConcepts } from "#methods/concepts";
import type { Bench, Examined } from "./bench.ts";
import { fitOptionsOf } from "./explainers.ts";
import { explainEverything, type Sources, scoresOf } from "./measures.ts";
import { printedOf } from "./printed.ts";
import type { Settings } from "./settings.ts";

interface Variant {
  readonly variant: string;
  readonly settings: Settings;
  readonly explained: ExplainOptions;
}

/** How the same model scores with other α, weights and labels. */
function variantsOf(settings: Settings): Variant[] {
  const label = Math.max(settings.faithfulness, 64);
  const plain = { theta: settings.theta } as const;
  return [
    { variant: "flat", settings: { ...settings, alpha: 2, weightScale: "one", learnAlpha: "no" }, explained: plain },
    {
      variant: "repository",
      settings: { ...settings, alpha: 2, concepts: 100, learnAlpha: "no" },
      explained: { theta: "mean" },
    },
    { variant: "labelled", settings: { ...settings, faithfulness: label }, explained: plain },
    { variant: "leaked", settings: { ...settings, faithfulness: label }, explained: { ...plain, labels: "leaked" } },
    ...(["geometric", "patches"] as const).map((theta) => ({
      variant: `theta ${theta}`,
      settings: { ...settings, theta },
      explained: { theta },
    })),
  ];
}

/** Every variant of one seed. */
export async function examineVariants(bench: Bench, seed: number): Promise<Examined[]> {
  const found: Examined[] = [];
  let last: { key: string; model: ConceptModel } | undefined;
  for (const { variant, settings, explained: options } of variantsOf(bench.settings)) {
    const fit = fitOptionsOf(settings, seed);
    const key = JSON.stringify(fit);
    const model = last?.key === key ? last.model : await fitConcepts(bench.sources.train, fit);
    last = { key, model };
    const explain = (source: Sources["test"]) => explainImages(model, source, options);
    const explained = await explainEverything({ explain }, bench.sources, bench.scene.set);
    found.push({
      explainer: "PACE",
      variant,
      seed,
      level: "full",
      printed: printedOf("pace", settings, settings.concepts),
      settings: model.settings as unknown as Json,
      tuning: { tried: 1, scores: [], chosen: 0 },
      scores: scoresOf(explained, bench.scene, settings.concepts),
      curves: null,
      randomCurves: null,
      gallery: null,
      comparison: null,
    });
  }
  return found;
}
