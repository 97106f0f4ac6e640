import type { RandomStream } from "#base";

/** The tokens that say which part of a text follows, in the names that StarCoder and SantaCoder use. */
export const middleSentinels = {
  prefix: "<fim_prefix>",
  suffix: "<fim_suffix>",
  middle: "<fim_middle>",
} as const;

/** A text in three parts; written one after the other they are the text. */
export interface MiddleParts {
  readonly prefix: string;
  readonly middle: string;
  readonly suffix: string;
}

/** The order in which the parts are given: prefix, suffix, middle; or suffix before prefix. */
export type MiddleOrder = "PSM" | "SPM";

/** How a text is cut. */
export interface CutMiddleOptions {
  /** Characters in the middle at most; as many as there are when left out. */
  readonly longest?: number;
}

/** Cuts a text at two random places, never inside a character; the second within reach of the first where that is limited. */
export function cutMiddle(
  text: string,
  random: RandomStream,
  { longest = Number.POSITIVE_INFINITY }: CutMiddleOptions = {},
): MiddleParts {
  const characters = Array.from(text);
  const first = random.int(characters.length + 1);
  const second = Number.isFinite(longest) ? first + random.int(longest + 1) : random.int(characters.length + 1);
  const [from, to] = first < second ? [first, second] : [second, first];
  return {
    prefix: characters.slice(0, from).join(""),
    middle: characters.slice(from, to).join(""),
    suffix: characters.slice(to).join(""),
  };
}

/**
 * The parts with their sentinels, the middle last.
 *
 *     PSM   ⟨prefix⟩ P ⟨suffix⟩ S ⟨middle⟩ M
 *     SPM   ⟨prefix⟩ ⟨suffix⟩ S ⟨middle⟩ P M
 *
 * Source   Bavarian et al. 2022, Efficient Training of Language Models to Fill in the Middle (arXiv:2207.14255), §3 and
 *          appendix D for SPM
 */
export function fillInTheMiddle({ prefix, middle, suffix }: MiddleParts, order: MiddleOrder): string {
  const { prefix: before, suffix: after, middle: between } = middleSentinels;
  if (order === "PSM") return `${before}${prefix}${after}${suffix}${between}${middle}`;
  return `${before}${after}${suffix}${between}${prefix}${middle}`;
}

/** What a model is asked to go on with. @example middlePrompt({ prefix: "a = ", suffix: ";" }, "PSM") */
export function middlePrompt(parts: Omit<MiddleParts, "middle">, order: MiddleOrder): string {
  return fillInTheMiddle({ ...parts, middle: "" }, order);
}
