/** What an edit needs to know of a language: how a sentence begins, how one ends, and how "… is a" is said. */
import { AssayError, suggestion } from "#base";

/** A language's own material for an edit. */
export interface EditLanguageTexts {
  /** Words that begin the sampled prefixes. */
  readonly openings: readonly string[];
  /** What ends a prefix, with what separates it from the prompt. */
  readonly stop: string;
  /** The prompt on which the model should stay as it is; `{}` is the subject. */
  readonly essence: string;
}

/**
 * The languages that edits are made in.
 *
 * Deviation: the published editors use the English openings and "{} is a" whatever the language of the edit.
 */
export const editLanguages = {
  en: { openings: ["The", "Therefore", "Because", "I", "You"], stop: ". ", essence: "{} is a" },
  de: { openings: ["Die", "Deshalb", "Weil", "Ich", "Sie"], stop: ". ", essence: "{} ist ein" },
  fr: { openings: ["Le", "Donc", "Parce que", "Je", "Vous"], stop: ". ", essence: "{} est un" },
  it: { openings: ["Il", "Quindi", "Perché", "Io", "Tu"], stop: ". ", essence: "{} è un" },
  es: { openings: ["El", "Por eso", "Porque", "Yo", "Usted"], stop: ". ", essence: "{} es un" },
  hi: { openings: ["यह", "इसलिए", "क्योंकि", "मैं", "आप"], stop: "। ", essence: "{} एक" },
  ta: { openings: ["இந்த", "எனவே", "ஏனெனில்", "நான்", "நீங்கள்"], stop: ". ", essence: "{} ஒரு" },
  kn: { openings: ["ಈ", "ಆದ್ದರಿಂದ", "ಏಕೆಂದರೆ", "ನಾನು", "ನೀವು"], stop: ". ", essence: "{} ಒಂದು" },
} as const satisfies Readonly<Record<string, EditLanguageTexts>>;

/** The code of a language that edits are made in. */
export type EditLanguage = keyof typeof editLanguages;

/** Whether a code is one of the known languages. */
export const isEditLanguage = (code: string): code is EditLanguage => Object.hasOwn(editLanguages, code);

/** Checks a language's code. @throws AssayError LANGUAGE_UNKNOWN with the nearest */
export function readEditLanguage(code: string): EditLanguage {
  if (isEditLanguage(code)) return code;
  const codes = Object.keys(editLanguages);
  const claim = `Expected one of ${codes.join(", ")} as the language of an edit, got "${code}"${suggestion(code, codes)}`;
  throw new AssayError("LANGUAGE_UNKNOWN", `editing: ${claim}`);
}
