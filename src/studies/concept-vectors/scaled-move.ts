/** Beyond the paper: fine-tuning and Needle at one distance. */
import {
  compareVectors,
  type IntrinsicScore,
  type ModelPair,
  moved,
  normOf,
  pairsAt,
  rootMeanSquare,
  type ValueVectorPlace,
  valueVector,
  withValueVectors,
} from "#methods/value-vectors";
import { type Answers, answersOf, compareAnswers } from "./behaviour.ts";
import type { StudyConcept } from "./concept.ts";
import type { Settings } from "./settings.ts";

/** A method's move of the value vector, stretched to Needle's length and made alone. */
export interface ScaledMove extends Pick<IntrinsicScore, "jaccard" | "cosine"> {
  /** BLEU of the target answers. */
  readonly target: number;
  /** BLEU of unrelated answers. */
  readonly unrelated: number;
}

/** What is stretched. */
export interface ScaledMoveOptions {
  readonly method: string;
  readonly place: ValueVectorPlace;
  readonly settings: Settings;
  readonly original: Answers;
}

/**
 * The move that a method made of the value vector, as long as Needle's noise is, with every other weight as it was: how
 * much of the difference between the two is distance alone. Null for Needle itself and for a vector that stayed.
 *
 *     v' = v + σ√d · Δ/‖Δ‖        Δ the method's move; with relative noise σ‖v‖ in place of σ√d
 */
export async function scaledMove(
  models: ModelPair,
  concept: StudyConcept,
  { method, place, settings, original }: ScaledMoveOptions,
): Promise<ScaledMove | null> {
  const { before: model, after } = models;
  const [first, second] = [valueVector(model, place), valueVector(after, place)];
  const move = second.map((value, at) => value - first[at]!);
  const length = normOf(move);
  if (method === "needle" || length === 0) return null;
  const unit = move.map((value) => value / length);
  const goal = moved(first, unit, needlesDistance(first, settings));
  const changed = withValueVectors(model, [{ ...place, before: first, after: goal }]);
  const pair = { before: model, after: changed };
  const [intrinsic] = await compareVectors(pairsAt(pair, place.layer, [place.column]), pair, { k: settings.k });
  const asked = { groups: { target: concept.groups.target!, far: concept.groups.far! } };
  const scores = compareAnswers(asked, { original, changed: await answersOf(changed, asked, settings) });
  const { jaccard, cosine } = intrinsic!;
  return { jaccard, cosine, target: scores.target!.bleu!, unrelated: scores.far!.bleu! };
}

/** How far Needle's noise carries a vector on the average. */
function needlesDistance(vector: Float32Array, { sigma, noise }: Settings): number {
  const spread = noise === "noise" ? sigma : sigma * rootMeanSquare(vector);
  return spread * Math.sqrt(vector.length);
}
