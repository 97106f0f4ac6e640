import type { LanguageModel } from "#models";
import { type Ablation, ablate } from "../value-vectors/ablate.ts";
import type { ValueVectorPlace } from "../value-vectors/place.ts";
import { type ValueVectorEdit, valueVector, withValueVectors } from "../value-vectors/read.ts";
import { type UnlearnOptions, unlearn } from "./unlearn.ts";

/** How a value vector is broken: by noise first, then by training it alone. */
export interface NeedleOptions extends Partial<Omit<UnlearnOptions, "scope" | "place">> {
  /** The paper's noise of 0.1 when left out. */
  readonly noise?: Ablation;
}

/** A model with one value vector broken. */
export interface Needled {
  readonly model: LanguageModel;
  /** What was put in place of what; `inverseEdit` undoes it. */
  readonly edit: ValueVectorEdit;
  readonly loss: number | null;
}

/**
 * Needle: noise on one value vector, then gradient ascent on it alone. Every other number of the model keeps its bits.
 *
 *     v' = v + σ ε,   then steps of AdamW on v' with the gradient of −ℓ̄_F
 *
 * Deviation: in the authors' code AdamW's decay shrinks the block's other value vectors and the embedding with every
 * step; here nothing but the one vector is written.
 *
 * Source   Hong et al. 2024, ConceptVectors, the Needle baseline
 *
 * @throws AssayError as ablate() and unlearn()
 */
export async function needle(
  model: LanguageModel,
  place: ValueVectorPlace,
  { noise = { kind: "noise", sigma: 0.1 }, steps = 0, ...options }: NeedleOptions = {},
): Promise<Needled> {
  const start = ablate(model, place, noise);
  const noisy = withValueVectors(model, [start]);
  if (steps === 0) return { model: noisy, edit: start, loss: null };
  const { method = "gradient-ascent", forget = [], learningRate = 0.2 } = options;
  const trained = await unlearn(noisy, { ...options, method, forget, learningRate, steps, scope: "needle", place });
  const edit = { ...start, after: valueVector(trained.model, place) };
  return { model: trained.model, edit, loss: trained.loss };
}
