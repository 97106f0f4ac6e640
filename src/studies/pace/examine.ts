/** One explainer, examined: tuned, fitted, scored, and for PACE shown. */
import { type Json, type MeasuredRecord, mean } from "#base";
import { seedAgreement } from "#evals/metrics";
import {
  type ConceptModel,
  type ExplainOptions,
  effectiveConcepts,
  explainAll,
  type FitOptions,
  type FittedExplainer,
  fitConcepts,
  type ImageExplanation,
} from "#methods/concepts";
import type { VisionModel } from "#models";
import type { Run } from "#runs";
import { type CurveAreas, curveAreas, importanceOf, randomImportance } from "./curves.ts";
import type { ExplainerName } from "./explainer-names.ts";
import { candidatesOf, fitOptionsOf, tune } from "./explainers.ts";
import { examplesOf, type Gallery, galleryOf, type ShownPatch } from "./gallery.ts";
import {
  classMeans,
  type Explained,
  explainEverything,
  largestFall,
  type Measured,
  type Scene,
  type Sources,
  scoresOf,
} from "./measures.ts";
import type { Settings } from "./settings.ts";

/** Everything that explainers of one subject are examined with. */
export interface Bench {
  readonly run: Run;
  readonly model: VisionModel;
  readonly scene: Scene;
  readonly sources: Sources;
  readonly settings: Settings;
  readonly subject: string;
  /** The run's first seed: the one that is shown. */
  readonly first: number;
}

/** What a step stores. */
export interface Examined {
  /** As its row is named. */
  readonly explainer: string;
  /** `main`, or how a control differs. */
  readonly variant: string;
  readonly seed: number;
  readonly level: string;
  /** K, α, weights, θ: printed beside every score. */
  readonly printed: { readonly k: number; readonly alpha: string; readonly weights: string; readonly theta: string };
  readonly settings: Json;
  readonly tuning: { readonly tried: number; readonly scores: readonly number[]; readonly chosen: number };
  readonly scores: Readonly<Record<string, Measured>>;
  readonly curves: CurveAreas | null;
  readonly randomCurves: CurveAreas | null;
  readonly gallery: Gallery | null;
  readonly comparison: Comparison | null;
}

/** The same model from another start. */
export interface Comparison {
  readonly seeds: readonly [number, number];
  /** For each concept of the first start its partner in the second. */
  readonly partners: readonly number[];
  /** Correlations of θ over test pictures, [K][K']. */
  readonly table: readonly (readonly number[])[];
  /** Patches of each concept of the second start, by its number. */
  readonly examples: readonly (readonly ShownPatch[])[];
}

const names: Readonly<Record<ExplainerName, string>> = {
  pace: "PACE",
  "k-means": "k-means",
  gmm: "GMM",
  lda: "LDA",
  nmf: "NMF",
  pca: "PCA",
  "mean-embedding": "mean embedding",
};

/** Tunes, fits and scores one explainer. */
export async function examineExplainer(
  bench: Bench,
  { name, seed }: { name: ExplainerName; seed: number },
): Promise<Examined> {
  const { settings, sources, scene } = bench;
  const candidates = candidatesOf(name, settings, seed);
  const { explainer, scores: tuned, chosen } = await tune(candidates, sources.train, seed);
  const own = explainer.settings as Record<string, unknown>;
  const fit = { ...fitOptionsOf(settings, seed), prior: own.prior } as FitOptions;
  const model = name === "pace" ? await fitConcepts(sources.train, fit) : undefined;
  const fitted: FittedExplainer =
    model === undefined
      ? await explainer.fit(sources.train)
      : { ...explainer, size: settings.concepts, explain: (source) => asIterable(model, source, settings) };
  const explained = await explainEverything(fitted, sources);
  const scores = scoresOf(explained, scene, fitted.size);
  const other = model === undefined ? undefined : await secondStart(bench, model, { explained, seed });
  const extra = model === undefined ? {} : { ...ownScores(model), ...other!.scores };
  return {
    ...{
      explainer: names[name],
      variant: "main",
      seed,
      level: fitted.level,
      printed: printedOf(name, settings, fitted.size),
    },
    settings: fitted.settings,
    tuning: { tried: candidates.length, scores: tuned, chosen },
    scores: { ...scores, ...extra },
    curves: explained.test[0]?.patches === undefined ? null : await curvesOf(bench, explained.test),
    randomCurves: name === "pace" ? await randomCurves(bench, seed) : null,
    gallery: model !== undefined && seed === bench.first ? await show(bench, model, explained.test) : null,
    comparison: seed === bench.first ? (other?.comparison ?? null) : null,
  };
}

async function* asIterable(
  model: ConceptModel,
  source: Sources["test"],
  { theta }: Settings,
): AsyncGenerator<ImageExplanation> {
  yield* await explainAll(model, source, { theta });
}

/** α and θ belong to explainers that have them. */
function printedOf(
  name: ExplainerName,
  { alpha, learnAlpha, weights, weightScale, weightCap, theta }: Settings,
  k: number,
): Examined["printed"] {
  const hasAlpha = name === "pace";
  return {
    k,
    alpha: hasAlpha ? `${alpha}${learnAlpha === "no" ? "" : " learnt"}` : name === "lda" ? "1/K" : "–",
    weights: weightsText(weights, weightScale, weightCap),
    theta: hasAlpha ? thetaText[theta] : name === "lda" ? thetaText.mean : "mean of patches",
  };
}

const thetaText = { mean: "E[θ]", geometric: "exp E[ln θ]", patches: "φ̄" } as const;

const weightsText = (kind: string, scale: string, cap: number): string => {
  const mass = scale === "patches" ? "J" : "1";
  return `${kind === "uniform" ? "uniform" : "a"}, Σ = ${mass}${cap > 0 ? `, ≤ ${cap}` : ""}`;
};

function ownScores(model: ConceptModel): Record<string, Measured> {
  return {
    effectiveConcepts: { value: effectiveConcepts(model), n: 1 },
    boundFall: { value: largestFall(model.trace), n: model.trace.length },
    epochs: { value: model.trace.length, n: 1 },
    learntAlpha: { value: mean([...model.alpha]), n: 1 },
  };
}

/** How far the second start's seed lies from the first's: no run has so many seeds. */
const seedGap = 1000;

/** Fits once more from another start, and pairs its concepts with the first one's. */
async function secondStart(
  bench: Bench,
  model: ConceptModel,
  { explained, seed }: { explained: Explained; seed: number },
) {
  const { sources, settings, scene, run } = bench;
  const other = await fitConcepts(sources.train, {
    ...fitOptionsOf(settings, seed + seedGap),
    prior: model.settings.prior,
  });
  const again = await explainAll(other, sources.test, { theta: settings.theta });
  const thetas = (list: readonly ImageExplanation[]) => list.map(({ theta }) => theta);
  const found = seedAgreement(thetas(explained.test), thetas(again));
  const scores = { seedAgreement: { value: found.mean, n: again.length } };
  if (seed !== bench.first) return { scores, comparison: null };
  const shown = {
    run,
    model: other,
    classes: scene.set.classes,
    seen: scene.test,
    explained: again,
    patch: scene.patch,
  };
  const examples: (readonly ShownPatch[])[] = [];
  for (let k = 0; k < settings.concepts; k++) examples.push(await examplesOf(k, { ...shown, examples: 3, shown: 0 }));
  const table = found.table.map((row) => row.map((value) => Number(value.toFixed(3))));
  return { scores, comparison: { seeds: [seed, seed + seedGap] as const, partners: found.partners, table, examples } };
}

async function curvesOf(
  { model, scene, settings }: Bench,
  explained: readonly ImageExplanation[],
): Promise<CurveAreas> {
  const means = classMeans(
    explained,
    scene.test.map(({ predicted }) => predicted),
    scene.classes,
  );
  const seen = scene.test.slice(0, settings.curves);
  const importance = seen.map((one, at) => importanceOf(one, explained[at]!, means));
  return curveAreas(model, { seen, importance, steps: settings.steps });
}

async function randomCurves({ model, scene, settings }: Bench, seed: number): Promise<CurveAreas> {
  const seen = scene.test.slice(0, settings.curves);
  const importance = seen.map((one) => randomImportance(one, one.grid[0] * one.grid[1], seed));
  return curveAreas(model, { seen, importance, steps: settings.steps });
}

const show = (
  { run, scene, settings }: Bench,
  model: ConceptModel,
  explained: readonly ImageExplanation[],
): Promise<Gallery> =>
  galleryOf({
    ...{ run, model, classes: scene.set.classes, seen: scene.test, explained, patch: scene.patch },
    ...{ examples: settings.examples, shown: settings.shown },
  });

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
    const explain = (source: Sources["test"]) => explainAll(model, source, options);
    const { train, test, perturbed } = bench.sources;
    const explained = { train: await explain(train), test: await explain(test), perturbed: await explain(perturbed) };
    found.push({
      ...{ explainer: "PACE", variant, seed, level: "full", printed: printedOf("pace", settings, settings.concepts) },
      settings: model.settings as unknown as Json,
      tuning: { tried: 1, scores: [], chosen: 0 },
      scores: scoresOf(explained, bench.scene, settings.concepts),
      ...{ curves: null, randomCurves: null, gallery: null, comparison: null },
    });
  }
  return found;
}

/** One number a row. */
export function recordsOf(
  { subject, settings }: Pick<Bench, "subject" | "settings">,
  examined: Examined,
): MeasuredRecord[] {
  const { explainer, variant, seed, level, printed, scores, curves, randomCurves, tuning } = examined;
  const setting = { dataset: settings.dataset, explainer, variant, seed, level, ...printed };
  const one = (metric: string, { value, n }: Measured, more: MeasuredRecord["setting"] = {}): MeasuredRecord => ({
    ...{ subject, setting: { ...setting, ...more }, metric, value, n },
  });
  const drawn = (areas: CurveAreas | null, more = {}) =>
    areas === null
      ? []
      : (["deletion", "insertion"] as const).map((name) => one(name, { value: areas[name], n: areas.n }, more));
  return [
    ...Object.entries(scores).map(([metric, measured]) => one(metric, measured)),
    ...drawn(curves),
    ...drawn(randomCurves, { explainer: "random" }),
    one("candidates", { value: tuning.tried, n: 1 }),
  ];
}
