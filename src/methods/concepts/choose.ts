/** How many concepts: the number under which images that the fit never saw are likeliest. */
import { AssayError, stream } from "#base";
import type { ConceptModel } from "./concept-model.ts";
import { type EmbeddingSource, sourcePart } from "./embedded-image.ts";
import { explainImages } from "./explain.ts";
import { type FitOptions, fitConcepts } from "./fit.ts";

/** One candidate's standing. */
export interface CandidateScore {
  readonly settings: FitOptions;
  /** The mean bound of a held-out virtual patch. */
  readonly heldOut: number;
  /** Of the images it was fitted to. */
  readonly fitted: number;
}

/** Candidates, the best of them, and its model, fitted without the held-out images. */
export interface Choice {
  readonly scores: readonly CandidateScore[];
  readonly best: CandidateScore;
  readonly model: ConceptModel;
}

/** What is held out. */
export interface ChooseOptions {
  /** The share of images; a fifth when left out. */
  readonly share?: number;
  readonly seed?: number;
}

/**
 * Fits each candidate (K, covariance kind, or anything else) to some images and scores it on the others.
 *
 *     score = Σ_held-out bound / Σ_held-out w
 *
 * @throws AssayError OPTION_RANGE and whatever fitConcepts() throws
 */
export async function chooseConcepts(
  source: EmbeddingSource,
  candidates: readonly FitOptions[],
  { share = 0.2, seed = 0 }: ChooseOptions = {},
): Promise<Choice> {
  const held = Math.round(share * source.count);
  if (candidates.length === 0 || held < 1 || held >= source.count) {
    const got = `${candidates.length} candidates and ${held} of ${source.count} images held out`;
    throw new AssayError("OPTION_RANGE", `concepts: Expected a candidate, and images on both sides, got ${got}`);
  }
  const order = stream(seed, "concepts/held-out").shuffle(Array.from({ length: source.count }, (_, at) => at));
  const [test, train] = [
    sourcePart(source, order.slice(0, held), "held out"),
    sourcePart(source, order.slice(held), "kept"),
  ];
  const fitted: { score: CandidateScore; model: ConceptModel }[] = [];
  for (const settings of candidates) {
    const model = await fitConcepts(train, settings);
    const score = { settings, heldOut: await meanEvidence(model, test), fitted: await meanEvidence(model, train) };
    fitted.push({ score, model });
  }
  const best = fitted.reduce((most, one) => (one.score.heldOut > most.score.heldOut ? one : most));
  return { scores: fitted.map(({ score }) => score), best: best.score, model: best.model };
}

/** The mean bound of a virtual patch; images of more patches count more. */
async function meanEvidence(model: ConceptModel, source: EmbeddingSource): Promise<number> {
  const prior = model.alpha.reduce((sum, value) => sum + value, 0);
  let [total, mass] = [0, 0];
  for await (const { evidence, gamma } of explainImages(model, source, { patches: false })) {
    const own = gamma.reduce((sum, value) => sum + value, 0) - prior;
    total += evidence * own;
    mass += own;
  }
  return total / mass;
}
