import { stream } from "#base";
import type { Configuration } from "./configurations.ts";
import { type Haystack, placeOf } from "./haystacks.ts";
import { type Place, writeAnswer } from "./truth.ts";

/** The subjects that need no model, by name; they validate the chain from question to verdict. */
export const controlNames = ["oracle", "random", "first-cell", "absent"] as const;

/** One of `controlNames`. */
export type ControlName = (typeof controlNames)[number];

/**
 * What each control answers to one question.
 *
 * `oracle` knows; `random` picks one of the M·N² cells for each needle, each equally likely, and so is exact with
 * probability 1/(M·N²); `first-cell` always names the first; `absent` denies everything.
 */
export function controlsOf(
  { places }: Haystack,
  { configuration, id, seed }: { readonly configuration: Configuration; readonly id: string; readonly seed: number },
): Record<ControlName, () => string> {
  const { pictures, side } = configuration;
  const write = (answers: readonly Place[]) => answers.map(writeAnswer).join("; ");
  const randomPlaces = () => {
    const random = stream(seed, `mmneedle/baseline-random/${id}`);
    return places.map(() => placeOf(random.int(pictures * side ** 2), side));
  };
  return {
    oracle: () => write(places),
    random: () => write(randomPlaces()),
    "first-cell": () => write(places.map(() => placeOf(0, side))),
    absent: () => write(places.map(() => null)),
  };
}
