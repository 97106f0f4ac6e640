/** Reading concepts in images: the Gaussians stay, θ and z are inferred. */
import { type Batch, batchesOf } from "./batch.ts";
import { type ConceptModel, expectSameModel } from "./concept-model.ts";
import { expectedLog } from "./dirichlet.ts";
import type { EmbeddingSource } from "./embedded-image.ts";
import { type BatchStates, EStep } from "./estep.ts";
import type { ImageExplanation } from "./explanation.ts";
import { phiBarOf } from "./infer-image.ts";
import { labelGradient } from "./label-map.ts";
import type { ConceptMode } from "./modes.ts";

/** How θ is read from γ: its mean, its geometric mean, or the mean of φ alone. */
export type ThetaEstimator = "mean" | "geometric" | "patches";

/** How images are explained. */
export interface ExplainOptions {
  /** `mean` when left out. */
  readonly theta?: ThetaEstimator;
  /** `free` infers without the label; `leaked` conditions φ on the answer that is to be predicted, as the paper prints it. */
  readonly labels?: "free" | "leaked";
  /** The mode of inference, when it is not the fit's. */
  readonly mode?: ConceptMode;
  /** Whether φ of every patch is given; true when left out. */
  readonly patches?: boolean;
}

/** An explanation by concepts. */
export interface ConceptExplanation extends ImageExplanation {
  /** γ [K] */
  readonly gamma: Float64Array;
  /** The bound on the image's log-evidence for each virtual patch: low where no concept fits. */
  readonly evidence: number;
}

/** Explains every image of a source. @throws AssayError MODEL_MISMATCH, EMBEDDINGS_NOT_FINITE and what else a source may be refused for */
export async function* explainImages(
  model: ConceptModel,
  source: EmbeddingSource,
  options: ExplainOptions = {},
): AsyncGenerator<ConceptExplanation> {
  expectSameModel(model, source);
  const { projection, gaussians, alpha, variance } = model;
  const { mode = model.settings.mode, theta = "mean", labels = "free", patches = true } = options;
  const epsilon = model.settings.prior.floor * variance;
  const settings = { mode, rounds: { most: 200, tolerance: 1e-6 } };
  const step = await EStep.with({ settings, gaussians, alpha, epsilon });
  for await (const batch of batchesOf(source, { projection, weights: model.settings.weights })) {
    const states = await step.infer(batch, labels === "leaked" ? leaked(model, batch) : {});
    for (const [at, image] of batch.images.entries()) {
      const { gamma } = states.states[at]!;
      const mass = massOf(batch, at);
      yield {
        id: image.id,
        theta: thetaOf(gamma, alpha, theta),
        gamma,
        evidence: step.bound(batch, states, at) / mass,
        ...(patches ? { patches: phiOf(batch, states, { at, concepts: alpha.length }) } : {}),
      };
    }
  }
}

function massOf({ starts, weights }: Batch, at: number): number {
  let mass = 0;
  for (let j = starts[at]!; j < starts[at + 1]!; j++) mass += weights[j]!;
  return mass;
}

function leaked({ eta, settings }: ConceptModel, batch: Batch) {
  const weight = Math.max(1, settings.faithfulness);
  const nudges = batch.images.map(({ label }, at) => {
    if (label === undefined) return undefined;
    const mass = massOf(batch, at);
    return (phiBar: Float64Array, extra: Float64Array) => {
      const wanted = labelGradient(eta, phiBar, label);
      for (let k = 0; k < extra.length; k++) extra[k]! += settings.damping * ((weight * wanted[k]!) / mass - extra[k]!);
    };
  });
  return { nudges, nudgeRange: 4 * weight };
}

/** θ [K], which sums to one. */
export function thetaOf(gamma: Float64Array, alpha: Float64Array, estimator: ThetaEstimator): Float64Array {
  if (estimator === "patches") return phiBarOf(gamma, alpha);
  const raw = estimator === "mean" ? gamma : expectedLog(gamma).map(Math.exp);
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

/** φ of one image. Shapes   → [J, K] */
function phiOf(
  { starts }: Batch,
  { states, candidates, totals }: BatchStates,
  { at, concepts }: { at: number; concepts: number },
): Float64Array {
  const [start, end] = [starts[at]!, starts[at + 1]!];
  const phi = new Float64Array((end - start) * concepts);
  const { factors } = states[at]!;
  for (let j = start; j < end; j++) {
    for (let entry = candidates.pointers[j]!; entry < candidates.pointers[j + 1]!; entry++) {
      const k = candidates.concepts[entry]!;
      phi[(j - start) * concepts + k] = (candidates.shares[entry]! * factors[k]!) / totals[j]!;
    }
  }
  return phi;
}

/** All explanations of a source in a list. @throws AssayError as explainImages() */
export async function explainAll(
  model: ConceptModel,
  source: EmbeddingSource,
  options: ExplainOptions = {},
): Promise<ConceptExplanation[]> {
  const found: ConceptExplanation[] = [];
  for await (const explanation of explainImages(model, source, options)) found.push(explanation);
  return found;
}
