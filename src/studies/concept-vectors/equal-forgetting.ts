/** What the intrinsic numbers would be if the vector alone had been broken until as much was forgotten. */
import { sha256 } from "#base";
import {
  type ForgettingNull,
  forgettingNull,
  type ValueVectorEdit,
  type ValueVectorPlace,
} from "#methods/value-vectors";
import type { LanguageModel } from "#models";
import { type Answers, answersOf, compareAnswers } from "./behaviour.ts";
import type { StudyConcept } from "./concept.ts";
import type { Settings } from "./settings.ts";

/** BLEU of the target answers that a changed model keeps. */
export type KeptTarget = (changed: LanguageModel, edit: ValueVectorEdit) => Promise<number>;

/** Asks each move of a vector once: methods that forgot differently much share the first halvings of the distance. */
export function keptTarget(
  concept: StudyConcept,
  { settings, original }: { readonly settings: Settings; readonly original: Answers },
): KeptTarget {
  const asked = { groups: { target: concept.groups.target! } };
  const known = new Map<string, number>();
  return async (changed, { after }) => {
    const key = sha256(new Uint8Array(after.buffer, after.byteOffset, after.byteLength));
    const found = known.get(key) ?? (await bleuOfTarget());
    known.set(key, found);
    return found;

    async function bleuOfTarget(): Promise<number> {
      const answered = await answersOf(changed, asked, settings);
      return compareAnswers(asked, { original, changed: answered }).target!.bleu!;
    }
  };
}

/** Halvings of the distance: a move is found to the 64th part of the farthest. */
const rounds = 6;

/** What is matched. */
export interface EqualForgetting {
  readonly place: ValueVectorPlace;
  readonly settings: Settings;
  readonly seed: number;
  readonly kept: KeptTarget;
  /** BLEU of the target answers after the method. */
  readonly goal: number;
}

/** The null distribution of equal forgetting; null where the settings leave it out. */
export async function equalForgetting(
  model: LanguageModel,
  { place, settings, seed, kept: measure, goal }: EqualForgetting,
): Promise<ForgettingNull | null> {
  const { forgettingDraws: count, k } = settings;
  return count === 0 ? null : forgettingNull(model, place, { measure, goal, count, k, seed, rounds });
}
