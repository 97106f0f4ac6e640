import type { ErrorClass } from "./error-classes.ts";
import type { Numbers } from "./measures.ts";
import type { Strata } from "./strata.ts";

/** One fact, edited in one way in one language and asked in one: the unit that every table counts. */
export interface Case {
  /** `matrix`, `merge` or `controlled`. */
  readonly arm: string;
  /** What was edited: the subject itself, how it was merged, or which world it was trained on. */
  readonly model: string;
  /** `none` for the unedited model. */
  readonly editor: string;
  readonly seed: number;
  readonly fact: string;
  /** A language, `all` for a joint edit, `others` for one in all languages but that of the test. */
  readonly edit: string;
  readonly test: string;
  readonly numbers: Numbers;
  readonly error: ErrorClass;
  readonly strata: Strata;
  /** What the model wrote. */
  readonly answer: string;
}

/** Whether a case asks in a language that the edit was made in. */
export const isInside = ({ edit, test }: Pick<Case, "edit" | "test">): boolean => edit === test || edit === "all";

/** Which fact of which draw in which language: where nothing was edited the language of the edit makes no difference. */
export const askedOf = ({ seed, fact, test }: Case): string => JSON.stringify([seed, fact, test]);

/** An edit that was not made, or a fact that was not read. */
export interface Excluded {
  readonly arm: string;
  readonly model: string;
  readonly editor: string;
  readonly seed: number;
  readonly fact: string;
  readonly edit: string;
  readonly reason: string;
}
