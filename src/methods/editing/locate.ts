/** Where a subject stands in its prompt, by characters: texts are compared in Unicode's composed form (NFC). */

/** A prompt as it is said, and the characters of the subject in it. */
export interface PlacedSubject {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether the prompt has the subject as it is, or a form of it that somebody must accept first. */
  readonly form: "exact" | "inflected";
}

/** Why a subject has no place. */
export interface UnplacedSubject {
  readonly problem: "missing" | "inflected" | "other script" | "ambiguous";
  /** What stands there instead. */
  readonly found?: string;
}

/** A prompt and the subject that it is about. */
export interface PromptAndSubject {
  /** With `{}` where the subject stands, or with the subject itself. */
  readonly prompt: string;
  readonly subject: string;
}

/** Where a prompt's slot for the subject is. */
export const subjectSlot = "{}";

/**
 * Finds the subject: at the slot `{}`, or where it is written out once. A form of it with another ending is found and
 * named, and is a place only when `inflected` says so.
 *
 * @example locateSubject({ prompt: "Die Hauptstadt {} ist", subject: "Frankreichs" })
 */
export function locateSubject(
  { prompt, subject }: PromptAndSubject,
  { inflected = false }: { readonly inflected?: boolean } = {},
): PlacedSubject | UnplacedSubject {
  const [text, name] = [prompt.normalize("NFC"), subject.normalize("NFC").trim()];
  const parts = text.split(subjectSlot);
  if (name === "") return { problem: "missing" };
  if (parts.length > 2) return { problem: "ambiguous" };
  if (parts.length === 2) {
    const start = parts[0]!.length;
    return { text: `${parts[0]}${name}${parts[1]}`, start, end: start + name.length, form: "exact" };
  }
  const start = text.indexOf(name);
  if (start >= 0 && text.indexOf(name, start + 1) >= 0) return { problem: "ambiguous", found: name };
  if (start >= 0) return { text, start, end: start + name.length, form: "exact" };
  return formOf(text, name, inflected);
}

function formOf(text: string, name: string, isAccepted: boolean): PlacedSubject | UnplacedSubject {
  const place = inflectedPlace(text, name);
  if (place !== undefined) {
    if (isAccepted) return { text, ...place, form: "inflected" };
    return { problem: "inflected", found: text.slice(place.start, place.end) };
  }
  const script = scriptOf(name);
  return { problem: script !== undefined && !script.pattern.test(text) ? "other script" : "missing" };
}

/** The shortest stem that counts as the same word: so many letters, and this share of the subject. */
const leastStem = { letters: 3, share: 0.6 };

/** The words that begin like the subject and end otherwise. */
function inflectedPlace(text: string, name: string): { start: number; end: number } | undefined {
  const [low, stem] = [lowered(text), lowered(name)];
  const least = Math.max(leastStem.letters, Math.ceil(leastStem.share * stem.length));
  let best: { start: number; shared: number } | undefined;
  for (const { index: start } of low.matchAll(/(?<![\p{L}\p{M}\p{N}])[\p{L}\p{N}]/gu)) {
    const shared = sharedLength(low.slice(start), stem);
    if (shared >= least && shared > (best?.shared ?? 0)) best = { start, shared };
  }
  if (best === undefined) return undefined;
  const rest = /^[\p{L}\p{M}\p{N}]*/u.exec(text.slice(best.start + best.shared))![0];
  return { start: best.start, end: best.start + best.shared + rest.length };
}

/** Small letters where that keeps every letter's place: İ has two of them. */
const lowered = (text: string): string =>
  text.replace(/\p{Lu}/gu, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter));

function sharedLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

const scriptNames = ["Latin", "Devanagari", "Tamil", "Kannada", "Cyrillic", "Greek", "Arabic", "Hebrew", "Bengali"];
const scripts = [...scriptNames, "Telugu", "Malayalam", "Thai", "Han", "Hiragana", "Katakana", "Hangul"].map(
  (name) => ({
    name,
    pattern: new RegExp(`\\p{Script=${name}}`, "u"),
  }),
);

/** The script of a text's first letter that has a known one. */
export function scriptOf(text: string): { readonly name: string; readonly pattern: RegExp } | undefined {
  for (const letter of text) {
    const found = scripts.find(({ pattern }) => pattern.test(letter));
    if (found !== undefined) return found;
  }
  return undefined;
}
