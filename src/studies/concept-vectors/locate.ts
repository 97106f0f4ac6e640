/** §3 Finding the value vector that carries a concept, and testing that it does. */
import {
  type Ablation,
  type CausalEffect,
  conceptLexicon,
  type Discovery,
  discoverConceptVectors,
  expectPlace,
  type ValueVectorPlace,
  validateCausally,
} from "#methods/value-vectors";
import type { LanguageModel } from "#models";
import { type Answers, answersOf, compareAnswers } from "./behaviour.ts";
import type { StudyConcept } from "./concept.ts";
import type { Settings } from "./settings.ts";

/** Where a concept lies, and how sure that is. */
export interface Location extends ValueVectorPlace {
  /** Tokens of the concept's lexicon among the top k. */
  readonly overlap: number | null;
  /** −log₁₀ of the chance of that overlap. */
  readonly enrichment: number | null;
  /** Benjamini and Hochberg's adjusted chance; null for a place that was given. */
  readonly q: number | null;
  /** Where discovery ranks a planted vector, 1 for the likeliest; null for a place that nobody looked for. */
  readonly rank: number | null;
  /** The value vector itself, and those that speak of the concept most after it. */
  readonly span: readonly ValueVectorPlace[];
  readonly effects: readonly CausalEffect[];
}

/** What is put in the vector's place; the noises have the study's spread. */
const ablationsOf = ({ sigma, noise }: Settings, seed: number): readonly Ablation[] => [
  { kind: noise, sigma, seed },
  { kind: "zero" },
  { kind: "mean" },
  { kind: "sign-flip" },
];

/** How many of the best candidates are tested causally. */
const candidates = 3;

/**
 * The value vector of a concept: the one that is given, or of the likeliest ones the one whose loss hurts the concept
 * most, measured against other questions.
 *
 * @throws AssayError LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE, LEXICON_EMPTY
 */
export async function locate(
  model: LanguageModel,
  concept: StudyConcept,
  { settings, seed, original }: { readonly settings: Settings; readonly seed: number; readonly original: Answers },
): Promise<Location> {
  const validate = (place: ValueVectorPlace) =>
    validateCausally(model, place, {
      ablations: ablationsOf(settings, seed),
      measure: (changed) => kept(changed, concept, { settings, original }),
    });
  const { place, arm } = concept;
  if (place !== undefined) expectPlace(place, model.config);
  const found = place === undefined || arm === "planted" ? await ranking(model, concept, settings) : [];
  const span = (own: ValueVectorPlace) => spanOf(own, found, settings);
  if (place !== undefined) {
    const at = found.findIndex(({ layer, column }) => layer === place.layer && column === place.column);
    const own = at < 0 ? unknown : { ...evidenceOf(found[at]!), rank: at + 1 };
    const { layer, column } = place;
    return { layer, column, ...own, span: span(place), effects: await validate(place) };
  }
  const tested: Location[] = [];
  for (const one of found.slice(0, candidates)) {
    const { layer, column } = one;
    const effects = await validate({ layer, column });
    tested.push({ layer, column, ...evidenceOf(one), rank: null, span: span(one), effects });
  }
  return tested.reduce((best, next) => (harm(next) > harm(best) ? next : best));
}

/** A place and the likeliest others, as many as the settings say. */
function spanOf(own: ValueVectorPlace, found: readonly Discovery[], { columns }: Settings): ValueVectorPlace[] {
  const others = found.filter(({ layer, column }) => layer !== own.layer || column !== own.column);
  return [own, ...others].slice(0, columns).map(({ layer, column }) => ({ layer, column }));
}

const unknown = { overlap: null, enrichment: null, q: null, rank: null };

const evidenceOf = ({ overlap, logChance, q }: Discovery) => ({ overlap, enrichment: -logChance / Math.LN10, q });

/** All value vectors, the likeliest first. */
async function ranking(model: LanguageModel, concept: StudyConcept, { k }: Settings): Promise<Discovery[]> {
  const tokenizer = model.requireTokenizer();
  const lexicon = conceptLexicon(concept.article, { tokenizer, background: concept.background });
  const [found] = await discoverConceptVectors(model, [lexicon], { k, level: 1 });
  return found!;
}

/** By how much the concept suffers more than the rest, over all ablations. */
const harm = ({ effects }: Location): number =>
  effects.reduce((sum, { target, unrelated }) => sum + unrelated - target, 0);

async function kept(
  changed: LanguageModel,
  concept: StudyConcept,
  { settings, original }: { readonly settings: Settings; readonly original: Answers },
) {
  const { target, far } = concept.groups;
  const asked = { groups: { target: target!, far: far! } };
  const answered = await answersOf(changed, asked, settings);
  const scores = compareAnswers(asked, { original, changed: answered });
  return { target: scores.target!.bleu!, unrelated: scores.far!.bleu! };
}
