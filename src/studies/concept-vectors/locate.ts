/** §3 Finding the value vector that carries a concept, and testing that it does. */
import {
  type Ablation,
  type CausalEffect,
  conceptLexicon,
  type Discovery,
  discoverConceptVectors,
  expectLayer,
  expectPlace,
  projectToVocabulary,
  stackRows,
  unembeddingOf,
  type ValueVectorPlace,
  validateCausally,
  valueVector,
} from "#methods/value-vectors";
import { type LanguageModel, threadsOf } from "#models";
import { type Answers, answersOf, compareAnswers } from "./behaviour.ts";
import { type Candidate, placeKey } from "./candidate.ts";
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
  /** What the judge said, 0 to 1; null without one, or where it said no number. */
  readonly clarity: number | null;
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
const tested = 3;

/** What a search is told. */
export interface Locating {
  readonly settings: Settings;
  readonly seed: number;
  readonly original: Answers;
  /** The likeliest first; see candidatesOf(). */
  readonly candidates: readonly Candidate[];
  /** What the judge said of them, by placeKey(). */
  readonly judgements?: ReadonlyMap<string, number | null>;
}

/**
 * The value vector of a concept: the one that is given, or of the likeliest ones the one whose loss hurts the concept
 * most, measured against other questions.
 *
 * @throws AssayError LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE
 */
export async function locate(model: LanguageModel, concept: StudyConcept, locating: Locating): Promise<Location> {
  const { settings, seed, original, candidates, judgements = new Map() } = locating;
  const validate = (place: ValueVectorPlace) =>
    validateCausally(model, place, {
      ablations: ablationsOf(settings, seed),
      measure: (changed) => kept(changed, concept, { settings, original }),
    });
  const span = (own: ValueVectorPlace) => spanOf(own, candidates, settings);
  const { place } = concept;
  if (place !== undefined) {
    expectPlace(place, model.config);
    const found = candidates.find((one) => placeKey(one) === placeKey(place));
    const own = found === undefined ? unknown : { ...evidenceOf(found), rank: found.rank };
    const { layer, column } = place;
    return { layer, column, ...own, clarity: null, span: span(place), effects: await validate(place) };
  }
  const found: Location[] = [];
  for (const one of clearest(candidates, judgements, settings).slice(0, tested)) {
    const { layer, column } = one;
    const clarity = judgements.get(placeKey(one)) ?? null;
    const effects = await validate({ layer, column });
    found.push({ layer, column, ...evidenceOf(one), clarity, rank: null, span: span(one), effects });
  }
  return found.reduce((best, next) => (harm(next) > harm(best) ? next : best));
}

/** Those that the judge finds clear, the clearest first; all, in the same order, where it finds none clear. */
function clearest(
  candidates: readonly Candidate[],
  judgements: ReadonlyMap<string, number | null>,
  { clarity }: Settings,
): readonly Candidate[] {
  if (judgements.size === 0) return candidates;
  const scoreOf = (one: Candidate) => judgements.get(placeKey(one)) ?? -1;
  const judged = candidates
    .filter((one) => judgements.has(placeKey(one)))
    .toSorted((first, second) => scoreOf(second) - scoreOf(first));
  const clear = judged.filter((one) => scoreOf(one) >= clarity);
  return clear.length > 0 ? clear : judged;
}

/** A place and the likeliest others, as many as the settings say. */
function spanOf(own: ValueVectorPlace, found: readonly Candidate[], { columns }: Settings): ValueVectorPlace[] {
  const others = found.filter((one) => placeKey(one) !== placeKey(own));
  return [own, ...others].slice(0, columns).map(({ layer, column }) => ({ layer, column }));
}

/**
 * The value vectors that speak of a concept, the likeliest first: as many as are judged, tested or spanned, and a planted one
 * wherever it ranks; none for a concept whose place is given.
 *
 * @throws AssayError LEXICON_EMPTY
 */
export async function candidatesOf(
  model: LanguageModel,
  concept: StudyConcept,
  settings: Settings,
): Promise<Candidate[]> {
  const { place, arm } = concept;
  if (place !== undefined && arm !== "planted") return [];
  const { judge, judged, columns, k } = settings;
  const all = (await ranking(model, concept, settings)).map((one, at) => candidateOf(one, at + 1));
  const best = all.slice(0, Math.max(tested, columns, judge === "" ? 0 : judged));
  if (place !== undefined)
    return [...best, ...all.slice(best.length).filter((one) => placeKey(one) === placeKey(place))];
  if (judge === "") return best;
  const written = await tokensWritten(model, best, k);
  return best.map((one, at) => ({ ...one, tokens: written[at]! }));
}

const candidateOf = ({ layer, column, overlap, logChance, q }: Discovery, rank: number): Candidate => ({
  layer,
  column,
  overlap,
  enrichment: -logChance / Math.LN10,
  q,
  rank,
  tokens: [],
});

/** What some value vectors write, as a person reads it. */
async function tokensWritten(model: LanguageModel, places: readonly ValueVectorPlace[], k: number) {
  const vectors = stackRows(places.map((place) => valueVector(model, place)));
  const options = { ...threadsOf(model.config), k };
  const top = await projectToVocabulary({ vectors, unembedding: unembeddingOf(model) }, options);
  const tokenizer = model.requireTokenizer();
  return places.map((_, row) =>
    Array.from(top.ids.subarray(row * top.k, (row + 1) * top.k), (id) => tokenizer.decode([id])),
  );
}

const unknown = { overlap: null, enrichment: null, q: null, rank: null };

const evidenceOf = ({ overlap, enrichment, q }: Candidate) => ({ overlap, enrichment, q });

/** All value vectors, the likeliest first. */
async function ranking(model: LanguageModel, concept: StudyConcept, settings: Settings): Promise<Discovery[]> {
  const { k, strongest, firstLayer } = settings;
  expectLayer(firstLayer, model.config, "concept-vectors, firstLayer");
  const layers = Array.from({ length: model.config.layers - firstLayer }, (_, at) => firstLayer + at);
  const tokenizer = model.requireTokenizer();
  const lexicon = conceptLexicon(concept.article, { tokenizer, background: concept.background });
  const [found] = await discoverConceptVectors(model, [lexicon], { k, level: 1, layers, strongest });
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
