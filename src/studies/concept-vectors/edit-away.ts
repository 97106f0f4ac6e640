/** §5 Forgetting by editing: MEMIT on what is asked about a concept. */
import { estimateMoment, identityStatistics, type KeyStatistics, keyStatistics } from "#methods/editing";
import { memitForget, type memitTargets } from "#methods/unlearning";
import type { LanguageModel } from "#models";
import { conceptOf, type StudyConcept } from "./concept.ts";
import type { Forgetting, Forgotten } from "./forgotten.ts";

/** The targets behind the names `memit-empty` and `memit-entropy`. */
const targetOf = (method: string) => method.replace("memit-", "") as keyof typeof memitTargets;

/** The most facts that one concept is edited with. */
const mostFacts = 50;

/**
 * Edits the answers to a concept's questions away, in the layers below its value vector and its own.
 *
 * Deviation: the authors edit the concept's Wikidata triples; here they are the study's own questions whose wording has the
 * concept's name. C is estimated from the other concepts' articles, not from Wikipedia.
 *
 * @throws AssayError FACTS_UNEDITABLE, EDIT_WITHOUT_EFFECT
 */
export async function editAway(
  model: LanguageModel,
  concept: StudyConcept,
  { method, place, settings, seed }: Forgetting,
): Promise<Forgotten> {
  const facts = concept.groups.target!.slice(0, mostFacts).map(({ prompt, answer, gold }) => {
    return { subject: conceptOf(concept.name), prompt, answer: answer ?? gold ?? "" };
  });
  const { model: edited, patch } = await memitForget(model, facts, {
    target: targetOf(method),
    layer: place.layer,
    seed,
    covarianceWeight: settings.memitWeight,
    token: settings.memitToken,
    statistics: (layer) => statisticsOf(model, concept, layer),
  });
  const { requests, warnings } = patch.certificate;
  return { model: edited, steps: requests[0]!.target!.evaluations, warning: warnings[0] };
}

async function statisticsOf(model: LanguageModel, { background }: StudyConcept, layer: number): Promise<KeyStatistics> {
  if (background.length === 0) return identityStatistics(model.config.intermediateSize);
  return keyStatistics(
    await estimateMoment(model, { texts: background, layer, corpus: "the other concepts' articles" }),
  );
}
