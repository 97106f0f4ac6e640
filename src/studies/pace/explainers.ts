/** The explainers of a run, each with the settings that it may try: as many for one as for another. */
import { stream, type Tensor, UsageError } from "#base";
import { faithfulness } from "#evals/metrics";
import { type AttributionMethod, attributionExplainer } from "#methods/attribution";
import {
  classFactorizationExplainer,
  componentsExplainer,
  type EmbeddingOptions,
  type EmbeddingSource,
  type Explainer,
  type FitOptions,
  factorizationExplainer,
  kMeansExplainer,
  meanEmbeddingExplainer,
  mixtureExplainer,
  paceExplainer,
  sourcePart,
  topicsExplainer,
  type WeightOptions,
} from "#methods/concepts";
import type { VisionModel } from "#models";
import type { ExplainerName } from "./explainer-names.ts";
import type { Settings } from "./settings.ts";

/** How patches are weighed in a run. */
export const weightsOf = ({ weights, weightScale, weightCap }: Settings): WeightOptions => ({
  kind: weights,
  scale: weightScale,
  ...(weightCap > 0 ? { cap: weightCap } : {}),
});

/** What every concept model of a run is fitted with. */
export function fitOptionsOf(settings: Settings, seed: number): FitOptions {
  const {
    concepts,
    mode,
    covariance,
    floor,
    alpha,
    learnAlpha,
    projection,
    dimensions,
    epochs,
    faithfulness: labels,
    stability,
  } = settings;
  return {
    concepts,
    mode,
    covariance,
    prior: { floor, strength: 0 },
    alpha,
    learnAlpha,
    projection,
    dimensions,
    epochs,
    seed,
    weights: weightsOf(settings),
    faithfulness: labels,
    stability,
  };
}

/** What explainers are made with. */
export interface MakeOptions {
  readonly settings: Settings;
  readonly seed: number;
  /** Absent of embeddings that were made elsewhere: attributions need it. */
  readonly model?: VisionModel;
  /** A picture by its name, perturbed ones by theirs. */
  readonly pictureOf?: (id: string) => Promise<Tensor>;
}

/** The settings that an explainer may try, the plainest first. */
export function candidatesOf(
  name: ExplainerName,
  { settings, seed, model, pictureOf }: MakeOptions,
): readonly Explainer[] {
  const { concepts, candidates, projection, dimensions, theta } = settings;
  const shared: EmbeddingOptions = { projection, dimensions, weights: weightsOf(settings), seed };
  const tried = <T>(values: readonly T[], make: (value: T) => Explainer) => values.slice(0, candidates).map(make);
  const attributions = (method: AttributionMethod, budgets: readonly number[]) => {
    if (model === undefined || pictureOf === undefined) throw needsModel(name);
    return tried(budgets, (budget) => attributionExplainer({ method, model, pictureOf, budget }));
  };
  const { asks } = settings;
  const makers: Record<ExplainerName, () => readonly Explainer[]> = {
    pace: () => {
      const fit = fitOptionsOf(settings, seed);
      return tried([1, 10, 0.1], (factor) =>
        paceExplainer({ ...fit, prior: { floor: factor * settings.floor, strength: 0 } }, { theta }),
      );
    },
    "k-means": () => tried([100, 10, 300], (rounds) => kMeansExplainer({ concepts, rounds, ...shared })),
    gmm: () =>
      tried([1, 10, 0.1], (factor) =>
        mixtureExplainer({ concepts, floor: factor * settings.floor, epochs: settings.epochs, ...shared }),
      ),
    lda: () => tried([8, 4, 16], (factor) => topicsExplainer({ concepts, words: factor * concepts, ...shared })),
    nmf: () =>
      tried([60, 200, 20], (rounds) => factorizationExplainer({ concepts, rounds, ...shared, projection: "pca" })),
    craft: () =>
      tried([60, 200, 20], (rounds) => classFactorizationExplainer({ concepts, rounds, ...shared, projection: "pca" })),
    pca: () => [componentsExplainer({ concepts, weights: weightsOf(settings), seed })],
    "mean-embedding": () => [meanEmbeddingExplainer({ weights: weightsOf(settings) })],
    saliency: () => attributions("saliency", [1]),
    "integrated-gradients": () => attributions("integrated gradients", [8, 16, 32]),
    agi: () => attributions("AGI", [8, 15, 30]),
    lime: () => attributions("LIME", [asks, 2 * asks, 4 * asks]),
    // SHAP solves for every dimension at once: fewer maskings than those decide nothing.
    shap: () =>
      attributions(
        "SHAP",
        [1, 2, 4].map((factor) => Math.max(factor * asks, model?.config.hiddenSize ?? 0)),
      ),
  };
  return makers[name]();
}

const needsModel = (name: string): UsageError =>
  new UsageError(
    "MODEL_MISSING",
    `pace: Expected a model for ${name}, got embeddings alone; leave it out of --set explainers`,
  );

/** What tuning found. */
export interface Tuned {
  readonly explainer: Explainer;
  /** Hard faithfulness of each candidate on pictures that it had not learnt from. */
  readonly scores: readonly number[];
  readonly chosen: number;
}

/** The share of training pictures that tuning holds out. */
const heldShare = 0.25;

/** Picks the candidate that is most faithful on held-out training pictures; the first of equals. */
export async function tune(candidates: readonly Explainer[], train: EmbeddingSource, seed: number): Promise<Tuned> {
  if (candidates.length === 1) return { explainer: candidates[0]!, scores: [], chosen: 0 };
  const order = stream(seed, "pace/tuning").shuffle(Array.from({ length: train.count }, (_, at) => at));
  const held = Math.round(heldShare * train.count);
  const [test, known] = [
    sourcePart(train, order.slice(0, held), "held out"),
    sourcePart(train, order.slice(held), "kept"),
  ];
  const scores: number[] = [];
  for (const explainer of candidates) {
    const fitted = await explainer.fit(known);
    const [learnt, asked] = [await labelled(fitted.explain(known), known), await labelled(fitted.explain(test), test)];
    scores.push(faithfulness({ train: learnt, test: asked, classes: train.classes }).hard);
  }
  const chosen = scores.indexOf(Math.max(...scores));
  return { explainer: candidates[chosen]!, scores, chosen };
}

/** θ of a source's images beside what the model said of them. */
export async function labelled(explained: AsyncIterable<{ readonly theta: Float64Array }>, source: EmbeddingSource) {
  const [rows, labels]: [Float64Array[], number[]] = [[], []];
  for await (const { theta } of explained) rows.push(theta);
  for await (const { label } of source.images()) labels.push(label!);
  return { rows, labels };
}
