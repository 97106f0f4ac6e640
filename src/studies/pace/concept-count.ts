/** How many concepts, where settings leave it to the pictures: the number under which held-out ones are likeliest. */
import type { MeasuredRecord } from "#base";
import { chooseConcepts } from "#methods/concepts";
import type { Bench } from "./bench.ts";
import { fitOptionsOf } from "./explainers.ts";

/** What the step of the choice stores. */
export interface ConceptCount {
  readonly chosen: number;
  /** Mean bound of a virtual patch by K: of pictures that the fit never saw, and of its own. */
  readonly scores: readonly { readonly concepts: number; readonly heldOut: number; readonly fitted: number }[];
}

/** Fits every K of the path to most training pictures and scores it on the rest. @throws AssayError as chooseConcepts() */
export async function chooseCount({ settings, sources, first }: Bench): Promise<ConceptCount> {
  const candidates = settings.conceptPath.map((concepts) => fitOptionsOf({ ...settings, concepts }, first));
  const { scores, best } = await chooseConcepts(sources.train, candidates, { seed: first });
  return {
    chosen: best.settings.concepts!,
    scores: scores.map(({ settings: { concepts }, heldOut, fitted }) => ({ concepts: concepts!, heldOut, fitted })),
  };
}

/** The path as records. */
export function countRecords({ subject, settings, first }: Bench, { scores }: ConceptCount): MeasuredRecord[] {
  return scores.flatMap(({ concepts: k, heldOut, fitted }) => {
    const setting = { dataset: settings.dataset, explainer: "PACE", variant: "path", seed: first, k };
    return Object.entries({ heldOut, fitted }).map(([metric, value]) => ({ subject, setting, metric, value, n: 1 }));
  });
}
