import type { LanguageModel } from "#models";
import { type Ablation, ablate } from "./ablate.ts";
import type { ValueVectorPlace } from "./place.ts";
import { withValueVectors } from "./read.ts";

/** How much of its behaviour a model keeps, on questions about the concept and about other things; 1 is all of it. */
export interface KeptBehaviour {
  readonly target: number;
  readonly unrelated: number;
}

/** What one ablation did. */
export interface CausalEffect extends KeptBehaviour {
  readonly ablation: Ablation;
  /** Whether the concept suffered more than other things did. */
  readonly isCausal: boolean;
}

/**
 * Takes a value vector away in several ways, each time from the untouched weights, and measures what is left.
 *
 * Deviation: in the authors' notebook the noise of earlier concepts is never taken back; here no edit outlives its row.
 *
 * Source   Hong et al. 2024, ConceptVectors, causal validation
 *
 * @throws AssayError as ablate(), and what `measure` throws
 */
export async function validateCausally(
  model: LanguageModel,
  place: ValueVectorPlace,
  { ablations, measure }: ValidateOptions,
): Promise<CausalEffect[]> {
  const effects: CausalEffect[] = [];
  for (const ablation of ablations) {
    const kept = await measure(withValueVectors(model, [ablate(model, place, ablation)]));
    effects.push({ ablation, ...kept, isCausal: kept.target < kept.unrelated });
  }
  return effects;
}

/** How a value vector is validated. */
export interface ValidateOptions {
  readonly ablations: readonly Ablation[];
  /** Compares a changed model with the one that was given. */
  measure(changed: LanguageModel): Promise<KeptBehaviour>;
}
