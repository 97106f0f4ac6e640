import { AssayError, stream } from "#base";
import type { LanguageModel } from "#models";
import { euclidean, normOf } from "./distances.ts";
import { compareVectors, type IntrinsicScore, moved, randomDirection, stackRows } from "./intrinsic.ts";
import type { ValueVectorPlace } from "./place.ts";
import type { ProjectOptions } from "./project.ts";
import { type ValueVectorEdit, valueVector, withValueVectors } from "./read.ts";

/** What is matched, and how closely. */
export interface MatchOptions {
  /** What a changed model keeps of the concept; falls as the vector moves. */
  measure(changed: LanguageModel, edit: ValueVectorEdit): Promise<number>;
  /** What it shall keep. */
  readonly goal: number;
  /** The farthest that the vector may go; ten times its own length when left out. */
  readonly farthest?: number;
  /** Halvings of the distance; 8 when left out. */
  readonly rounds?: number;
  readonly seed?: number;
  /** Which of the seed's directions is taken; the first, 0, when left out. */
  readonly draw?: number;
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
  { measure, goal, farthest, rounds = 8, seed = 0, draw = 0 }: MatchOptions,
): Promise<MatchedForgetting> {
  const before = valueVector(model, place);
  const most = expectDistance(farthest ?? 10 * normOf(before));
  const direction = randomDirection(before.length, stream(seed, `matched/${place.layer}/${place.column}/${draw}`));
  const at = async (length: number) => {
    const edit = { layer: place.layer, column: place.column, before, after: moved(before, direction, length) };
    const kept = await measure(withValueVectors(model, [edit]), edit);
    return { edit, kept, distance: euclidean(before, edit.after), isOutOfReach: kept > goal };
  };
  const still = await at(0);
  if (!still.isOutOfReach) return still;
  let best = await at(most);
  if (best.isOutOfReach) return best;
  let [low, high] = [0, most];
  for (let round = 0; round < rounds; round++) {
    const middle = (low + high) / 2;
    const found = await at(middle);
    if (found.isOutOfReach) low = middle;
    else [high, best] = [middle, found];
  }
  return best;
}

function expectDistance(distance: number): number {
  if (distance > 0) return distance;
  throw new AssayError("OPTION_RANGE", `matchedForgetting: Expected a distance above zero, got ${distance}`);
}

/** How the null distribution of equal forgetting is drawn. */
export interface ForgettingNullOptions extends Omit<MatchOptions, "draw">, ProjectOptions {
  /** Directions; 8 when left out. */
  readonly count?: number;
}

/** The null distribution of equal forgetting. */
export interface ForgettingNull {
  readonly scores: readonly IntrinsicScore[];
  /** The share of directions in which no move of this one vector forgets as much. */
  readonly outOfReach: number;
}

/**
 * What the intrinsic numbers would be if the vector had gone in a random direction until as much was forgotten. Where that
 * is out of reach the numbers are those of the farthest move.
 *
 * @throws AssayError as matchedForgetting()
 */
export async function forgettingNull(
  model: LanguageModel,
  place: ValueVectorPlace,
  { count = 8, k, rowsPerBlock, tokensPerBlock, threads, ...options }: ForgettingNullOptions,
): Promise<ForgettingNull> {
  const found: MatchedForgetting[] = [];
  for (let draw = 0; draw < count; draw++) found.push(await matchedForgetting(model, place, { ...options, draw }));
  const rows = (pick: (edit: ValueVectorEdit) => Float32Array) => stackRows(found.map(({ edit }) => pick(edit)));
  const pairs = { before: rows(({ before }) => before), after: rows(({ after }) => after) };
  const projecting = Object.fromEntries(
    Object.entries({ k, rowsPerBlock, tokensPerBlock, threads }).filter(([, value]) => value !== undefined),
  );
  return {
    scores: await compareVectors(pairs, { before: model, after: model }, projecting),
    outOfReach: found.filter(({ isOutOfReach }) => isOutOfReach).length / count,
  };
}
