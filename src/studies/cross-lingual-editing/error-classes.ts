/** What went wrong where an edit did not arrive. */
import { isSame, type Language } from "./fact.ts";
import { scriptOf } from "./script.ts";

/** The classes of a failure, in the order in which they are tried; each failure has one. */
export const errorClasses = {
  "unknown before":
    "the unedited model did not know the old fact in this language, so that nothing can be said of transfer",
  empty: "no answer, or a refusal",
  degenerate: "the answer repeats itself",
  stale: "the old object",
  "code-switch": "the new object, in the language of the edit or in English",
  partial: "a beginning of the new object, or the same word with another ending",
  "near-miss": "another object of the same kind",
  "wrong script": "characters that do not belong together, or of another script than the answer's",
  other: "none of the above",
  "locality spill": "the new object for the fact itself, and for a neighbour too",
} as const;

/** The name of a class; `none` where nothing went wrong. */
export type ErrorClass = keyof typeof errorClasses | "none";

/** One answer with what it is judged by. */
export interface JudgedAnswer {
  readonly answer: string;
  readonly newObject: string;
  readonly oldObject: string;
  /** The new object in the language of the edit, and in English where it is known. */
  readonly foreign: readonly string[];
  readonly candidates: readonly string[];
  /** Whether the unedited model gave the old object. */
  readonly isKnown: boolean;
  /** Whether a neighbour's prompt gives the new object now, and did not before. */
  readonly isSpilt: boolean;
  /** An answer of words with a smaller share of different pairs repeats itself. */
  readonly degenerate: number;
}

/**
 * The class of an answer. What the model did not know before is set apart first: a failure there says nothing of transfer.
 *
 * Deviation: the paper's own categories could not be read; these are the lab's.
 */
export function classify(judged: JudgedAnswer): ErrorClass {
  const { answer, newObject, oldObject, foreign, candidates, isKnown, isSpilt, degenerate } = judged;
  if (isSame(answer, newObject)) return isSpilt ? "locality spill" : "none";
  if (!isKnown) return "unknown before";
  if (answer.trim() === "" || isRefusal(answer)) return "empty";
  if (distinctPairs(answer) < degenerate) return "degenerate";
  if (isSame(answer, oldObject)) return "stale";
  if (foreign.some((name) => isSame(answer, name))) return "code-switch";
  if (isPartial(answer, newObject)) return "partial";
  if (candidates.some((name) => isSame(answer, name))) return "near-miss";
  return isGarbled(answer, newObject) ? "wrong script" : "other";
}

/** How a model says that it will not answer, in the languages of the study. */
const refusals =
  /^(i (cannot|can't|don't know)|sorry|ich (kann nicht|weiß nicht)|je ne (peux|sais)|non (posso|so)|no (puedo|sé)|मुझे (नहीं|पता नहीं)|எனக்குத் தெரியாது|ನನಗೆ ಗೊತ್ತಿಲ್ಲ)/iu;
const isRefusal = (answer: string): boolean => refusals.test(answer.trim());

/** Pairs of words below which nothing can be said of repetition. */
const leastPairs = 3;

/** The share of an answer's pairs of words that are different ones; 1 for a short answer. */
export function distinctPairs(answer: string): number {
  const words = answer.trim().split(/\s+/);
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return pairs.length < leastPairs ? 1 : new Set(pairs).size / pairs.length;
}

/** The least share of the longer of two words that they must begin with together to be forms of one. */
const leastStem = 0.6;

function isPartial(answer: string, wanted: string): boolean {
  const [a, b] = [answer.trim(), wanted.trim()].map((text) => text.normalize("NFC").toLowerCase());
  if (a === "" || a === b) return a === b && a !== "";
  if (b!.startsWith(a!) || a!.startsWith(b!)) return true;
  let shared = 0;
  while (shared < a!.length && a![shared] === b![shared]) shared++;
  return shared >= 3 && shared / Math.max(a!.length, b!.length) >= leastStem;
}

function isGarbled(answer: string, wanted: string): boolean {
  const [own, right] = [scriptOf(answer), scriptOf(wanted)];
  return answer.includes("\uFFFD") || own === "mixed" || (own !== right && own !== "none");
}

/** What an edit's own language and English call the new object, the test language's name apart. */
export function foreignNames(
  names: Readonly<Partial<Record<Language, string>>>,
  { edit, test }: { readonly edit: readonly Language[]; readonly test: Language },
): string[] {
  return [...new Set<Language>([...edit, "en"])].flatMap((language) => {
    const name = language === test ? undefined : names[language];
    return name === undefined || isSame(name, names[test] ?? "") ? [] : [name];
  });
}
