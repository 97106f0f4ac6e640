/** What facts and languages have in common, by which every off-diagonal number is told apart. */
import type { LanguageModel } from "#models";
import { isSame, type Language, type StudyFact } from "./fact.ts";
import { isKnown } from "./measures.ts";
import type { Reading } from "./reading.ts";
import { scriptOf } from "./script.ts";

/** What stratifies a case. */
export interface Strata {
  readonly answer: "shared" | "different";
  readonly subject: "shared" | "different";
  readonly script: "same" | "different";
  /** Tokens for each word of the new object in the language of the test. */
  readonly tokens: "1 to 2" | "2 to 4" | "above 4";
  /** Whether the unedited model knew the old fact, in the language of the test. */
  readonly before: "known" | "unknown";
}

/** The name of one way of telling cases apart. */
export type StratumName = keyof Strata;

/** One case as it is told apart. */
export interface StratifiedCase {
  readonly fact: StudyFact;
  readonly edit: readonly Language[];
  readonly test: Language;
  readonly before: Reading;
}

/** The strata of a case; of an edit in several languages, shared with any of the others counts as shared. */
export function strataOf(model: LanguageModel, { fact, edit, test, before }: StratifiedCase): Strata {
  const own = fact.said[test]!;
  const others = edit.flatMap((language) => (language === test ? [] : [fact.said[language]!])).filter(Boolean);
  const words = own.newObject.trim().split(/\s+/).length;
  const tokens = model.requireTokenizer().encode(` ${own.newObject}`, { special: false }).length / words;
  return {
    answer: others.some(({ newObject }) => isSame(newObject, own.newObject)) ? "shared" : "different",
    subject: others.some(({ subject }) => isSame(subject, own.subject)) ? "shared" : "different",
    script: others.some(({ subject }) => scriptOf(subject) === scriptOf(own.subject)) ? "same" : "different",
    tokens: tokens <= 2 ? "1 to 2" : tokens <= 4 ? "2 to 4" : "above 4",
    before: isKnown(before) ? "known" : "unknown",
  };
}
