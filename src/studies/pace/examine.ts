/** One explainer, examined: tuned, fitted, scored, and for PACE shown. */
import { mean } from "#base";
import {
  type ConceptModel,
  effectiveConcepts,
  explainImages,
  type FitOptions,
  type FittedExplainer,
  fitConcepts,
  type ImageExplanation,
} from "#methods/concepts";
import type { Bench, Examined, Seen } from "./bench.ts";
import { patchesKept } from "./cost.ts";
import { type CurveAreas, curveAreas, importanceOf, randomImportance } from "./curves.ts";
import { pictureFinder } from "./embed.ts";
import type { ExplainerName } from "./explainer-names.ts";
import { candidatesOf, fitOptionsOf, tune } from "./explainers.ts";
import { type Gallery, galleryOf } from "./gallery.ts";
import {
  classMeans,
  explainEverything,
  largestFall,
  type Measured,
  type Sources,
  scoresOf,
  spreadPlaces,
} from "./measures.ts";
import { printedOf } from "./printed.ts";
import { secondStart } from "./second-start.ts";
import type { Settings } from "./settings.ts";

const names: Readonly<Record<ExplainerName, string>> = {
  pace: "PACE",
  "k-means": "k-means",
  gmm: "GMM",
  lda: "LDA",
  nmf: "NMF",
  craft: "CRAFT",
  pca: "PCA",
  "mean-embedding": "mean embedding",
  saliency: "Saliency",
  "integrated-gradients": "integrated gradients",
  agi: "AGI",
  lime: "LIME",
  shap: "SHAP",
};

/** Tunes, fits and scores one explainer. */
export async function examineExplainer(
  bench: Bench,
  { name, seed }: { name: ExplainerName; seed: number },
): Promise<Examined> {
  const { settings, sources, scene } = bench;
  const { seen } = bench;
  const finder =
    seen === undefined ? {} : { model: seen.model, pictureOf: pictureFinder(seen.model, [seen.train, seen.test]) };
  const candidates = candidatesOf(name, { settings, seed, ...finder });
  const { explainer, scores: tuned, chosen } = await tune(candidates, sources.train, seed);
  const own = explainer.settings as Record<string, unknown>;
  const fit = { ...fitOptionsOf(settings, seed), prior: own.prior } as FitOptions;
  const model = name === "pace" ? await fitConcepts(sources.train, fit) : undefined;
  const fitted: FittedExplainer =
    model === undefined
      ? await explainer.fit(sources.train)
      : { ...explainer, size: settings.concepts, explain: (source) => asIterable(model, source, settings) };
  const explained = await explainEverything(fitted, sources, scene.set);
  const scores = scoresOf(explained, scene, fitted.size);
  const other = model === undefined ? undefined : await secondStart(bench, model, { explained, seed });
  const extra = model === undefined ? {} : { ...ownScores(model), ...other!.scores };
  return {
    explainer: names[name],
    variant: "main",
    seed,
    level: fitted.level,
    printed: printedOf(name, settings, fitted.size),
    settings: fitted.settings,
    tuning: { tried: candidates.length, scores: tuned, chosen },
    scores: { ...scores, ...extra },
    curves:
      explained.test[0]?.patches === undefined || seen === undefined
        ? null
        : await curvesOf(seen, bench, explained.test),
    randomCurves: name === "pace" && seen !== undefined ? await randomCurves(seen, bench, seed) : null,
    gallery: model !== undefined && seed === bench.first ? await show(bench, model, explained.test) : null,
    comparison: seed === bench.first ? (other?.comparison ?? null) : null,
  };
}

async function* asIterable(
  model: ConceptModel,
  source: Sources["test"],
  { theta }: Settings,
): AsyncGenerator<ImageExplanation> {
  yield* explainImages(model, source, { theta });
}

function ownScores(model: ConceptModel): Record<string, Measured> {
  return {
    effectiveConcepts: { value: effectiveConcepts(model), n: 1 },
    boundFall: { value: largestFall(model.trace), n: model.trace.length },
    epochs: { value: model.trace.length, n: 1 },
    learntAlpha: { value: mean([...model.alpha]), n: 1 },
  };
}

/** Places of the pictures that curves are drawn of, all with φ. */
function curvePlaces(count: number, { curves }: Settings): number[] {
  const kept = spreadPlaces(count, patchesKept);
  return spreadPlaces(kept.length, curves).map((at) => kept[at]!);
}

async function curvesOf(
  { model, test }: Seen,
  { scene, settings }: Bench,
  explained: readonly ImageExplanation[],
): Promise<CurveAreas> {
  const answers = scene.test.map(({ predicted }) => predicted);
  const means = classMeans(explained, answers, scene.classes);
  const places = curvePlaces(test.length, settings);
  const seen = places.map((at) => test[at]!);
  const importance = places.map((at) => importanceOf(test[at]!, explained[at]!, means));
  return curveAreas(model, { seen, importance, steps: settings.steps });
}

async function randomCurves({ model, test }: Seen, { settings }: Bench, seed: number): Promise<CurveAreas> {
  const seen = curvePlaces(test.length, settings).map((at) => test[at]!);
  const importance = seen.map((one) => randomImportance(one, one.grid[0] * one.grid[1], seed));
  return curveAreas(model, { seen, importance, steps: settings.steps });
}

async function show(
  { run, scene, seen, settings }: Bench,
  model: ConceptModel,
  explained: readonly ImageExplanation[],
): Promise<Gallery | null> {
  if (seen === undefined) return null;
  return galleryOf({
    run,
    model,
    classes: scene.set.classes,
    seen: seen.test,
    explained,
    patch: scene.patch,
    examples: settings.examples,
    shown: settings.shown,
  });
}
