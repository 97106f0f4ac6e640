/** Attribution methods behind the contract of all explainers: quasi-concepts are the dimensions of the embedding. */
import { AssayError, type Json, type Tensor } from "#base";
import type { VisionModel } from "#models";
import type { EmbeddingSource } from "../concepts/embedded-image.ts";
import type { Explainer, FittedExplainer, ImageExplanation } from "../concepts/explanation.ts";
import type { AttributionInput } from "./attribution.ts";
import { adversarialGradients, integratedGradients, saliency } from "./gradients.ts";
import { kernelShap, lime } from "./surrogates.ts";

/** What a method says of one picture: a number for each dimension of the embedding. */
type ByDimension = (input: AttributionInput, samples: number) => Promise<Float64Array>;

/** Every attribution method, and how it speaks of dimensions. */
const methods = {
  saliency: async (input) => (await saliency(input)).dimensions,
  "integrated gradients": async (input, steps) => (await integratedGradients(input, { steps })).dimensions,
  AGI: async (input, steps) => (await adversarialGradients(input, { steps })).dimensions,
  LIME: async (input, samples) => (await lime(input, { over: "dimensions", samples })).values,
  SHAP: async (input, samples) => (await kernelShap(input, { over: "dimensions", samples })).values,
} as const satisfies Record<string, ByDimension>;

/** The name of an attribution method. */
export type AttributionMethod = keyof typeof methods;

/** Every attribution method's name, in the order of the paper's table. */
export const attributionMethods = Object.keys(methods) as readonly AttributionMethod[];

/** How often a model is asked for each picture when nothing is said. */
const usualBudget: Readonly<Record<AttributionMethod, number>> = {
  saliency: 1,
  "integrated gradients": 32,
  AGI: 15,
  LIME: 1000,
  SHAP: 2000,
};

/** What an attribution explainer needs besides embeddings: the model itself, and the pictures. */
export interface AttributionExplainerOptions {
  readonly method: AttributionMethod;
  readonly model: VisionModel;
  /** The picture of an image by its id, as the model sees it. [channels, height, width] */
  pictureOf(id: string): Tensor | Promise<Tensor>;
  /** Steps of a path, or maskings; the same budget for all rows of a table where it is set. */
  readonly budget?: number;
}

/**
 * An attribution method as an explainer.
 *
 *     θ = attribution of the predicted class by dimension, summed over patches; signed where the method is
 *
 * Source   Wang et al. 2024, PACE (arXiv:2406.12649), §5.1, which takes the dimensions as quasi-concepts
 *
 * @throws AssayError MODEL_MISMATCH from explain() for embeddings of a width that the model has not
 */
export function attributionExplainer(options: AttributionExplainerOptions): Explainer {
  const { method, model, budget = usualBudget[method] } = options;
  const settings: Json = { method, budget, at: "embedding", theta: "sum over patches" };
  const size = model.config.hiddenSize;
  const fitted: FittedExplainer = {
    name: method,
    level: "no",
    size,
    settings,
    explain: (source) => explained(source, { ...options, budget }),
  };
  return { name: method, level: "no", settings, fit: async () => fitted };
}

async function* explained(
  source: EmbeddingSource,
  { method, model, budget, pictureOf }: Required<AttributionExplainerOptions>,
): AsyncGenerator<ImageExplanation> {
  if (source.width !== model.config.hiddenSize) {
    const claim = `Expected embeddings of ${model.config.hiddenSize} numbers as ${model.name} has them, got ${source.width}`;
    throw new AssayError("MODEL_MISMATCH", `${method}: ${claim} in ${source.name}`);
  }
  for await (const { id, label } of source.images()) {
    const input = { model, picture: await pictureOf(id), ...(label === undefined ? {} : { label }) };
    yield { id, theta: await methods[method](input, budget) };
  }
}
