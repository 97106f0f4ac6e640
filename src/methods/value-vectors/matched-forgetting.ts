import { AssayError, stream } from "#base";
import type { LanguageModel } from "#models";
import { euclidean } from "./distances.ts";
import { moved, randomDirection } from "./intrinsic.ts";
import type { ValueVectorPlace } from "./place.ts";
import { type ValueVectorEdit, valueVector, withValueVectors } from "./read.ts";

/** What is matched, and how closely. */
export interface MatchOptions {
  /** What a changed model keeps of the concept; falls as the vector moves. */
  measure(changed: LanguageModel): Promise<number>;
  /** What it shall keep. */
  readonly goal: number;
  /** The farthest that the vector may go. */
  readonly farthest: number;
  /** Halvings of the distance; 8 when left out. */
  readonly rounds?: number;
  readonly seed?: number;
}

/** A random move of one value vector that forgets as much as something else did. */
export interface MatchedForgetting {
  readonly edit: ValueVectorEdit;
  readonly distance: number;
  /** What the model keeps there. */
  readonly kept: number;
  /** Whether even the farthest move kept more than the goal. */
  readonly isOutOfReach: boolean;
}

/**
 * The shortest move of a value vector in one random direction after which a model keeps no more of a concept than a goal:
 * what an intrinsic number would be if the vector had been broken at random until as much was forgotten.
 *
 * @throws AssayError LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE, OPTION_RANGE
 */
export async function matchedForgetting(
  model: LanguageModel,
  place: ValueVectorPlace,
  { measure, goal, farthest, rounds = 8, seed = 0 }: MatchOptions,
): Promise<MatchedForgetting> {
  if (!(farthest > 0)) {
    throw new AssayError("OPTION_RANGE", `matchedForgetting: Expected a distance above zero, got ${farthest}`);
  }
  const before = valueVector(model, place);
  const direction = randomDirection(before.length, stream(seed, `matched/${place.layer}/${place.column}`));
  const at = async (length: number) => {
    const edit = { layer: place.layer, column: place.column, before, after: moved(before, direction, length) };
    const kept = await measure(withValueVectors(model, [edit]));
    return { edit, kept, distance: euclidean(before, edit.after), isOutOfReach: kept > goal };
  };
  let best = await at(farthest);
  if (best.isOutOfReach) return best;
  let [low, high] = [0, farthest];
  for (let round = 0; round < rounds; round++) {
    const middle = (low + high) / 2;
    const found = await at(middle);
    if (found.isOutOfReach) low = middle;
    else [high, best] = [middle, found];
  }
  return best;
}
