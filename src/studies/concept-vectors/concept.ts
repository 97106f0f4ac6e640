import type { ValueVectorPlace } from "#methods/value-vectors";

/** A question that is asked before and after. */
export interface Asked {
  /** As the model reads it. */
  readonly prompt: string;
  /** Without what stands around it. */
  readonly question: string;
  /** What the answer must hold, where it is known. */
  readonly gold?: string | undefined;
  /** The whole right answer, where it is known. */
  readonly answer?: string | undefined;
}

/** One concept with everything that is asked about it. */
export interface StudyConcept {
  /** Unlike any other's in the run: see numbered(). */
  readonly name: string;
  /** `found`, `planted` and `spread` on the miniature; `released` for the authors'. */
  readonly arm: string;
  /** Where its value vector lies; absent where it is to be found. */
  readonly place?: ValueVectorPlace | undefined;
  readonly article: string;
  /** An article about another concept, which is to be kept. */
  readonly retain: string;
  /** Texts about other things, against which its own words stand out. */
  readonly background: readonly string[];
  /** Groups of questions by name: `target`, `near`, `far`, `completion`, and the jailbreaks. */
  readonly groups: Readonly<Record<string, readonly Asked[]>>;
}

/** Which groups try to get an answer out in another way. */
export const jailbreakPrefix = "jailbreak: ";

/** Concepts with the hash of what they were read from. */
export interface Concepts {
  readonly identity: string;
  readonly list: readonly StudyConcept[];
  /** What was met on the way and should be known. */
  readonly notes: readonly string[];
}

/** Names with a number behind the second and later ones that are equal: a concept of two value vectors is "Bible" and "Bible #2". */
export function numbered(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}

/** A concept's own name, without the number of its value vector. */
export const conceptOf = (name: string): string => name.replace(/ #\d+$/, "");
