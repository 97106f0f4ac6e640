import type { Json } from "#base";

/** The languages of the paper, high-resource ones first. */
export const studyLanguages = ["en", "de", "fr", "it", "es", "hi", "ta", "kn"] as const;
/** One of them. */
export type Language = (typeof studyLanguages)[number];

/** A prompt and what it is asked for. */
export interface PromptAndObject {
  readonly prompt: string;
  readonly object: string;
}

/** A one-hop question, with its answer before the edit and after it. */
export interface Hop {
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
}

/** One fact as one language says it. Every text is in Unicode's composed form (NFC). */
export interface SaidFact {
  readonly subject: string;
  /** With `{}` where the subject stands, or with the subject in it as the source has it. */
  readonly prompt: string;
  /** The same asked otherwise, the subject filled in. */
  readonly paraphrases: readonly string[];
  readonly oldObject: string;
  readonly newObject: string;
  /** Objects of the same kind, in the same order in every language; old and new are among them. */
  readonly candidates: readonly string[];
  /** Other subjects that have the old object, which the edit must leave alone. */
  readonly neighbours: readonly PromptAndObject[];
  /** Other things that are known, the subject's own among them. */
  readonly unrelated: readonly PromptAndObject[];
  readonly hops: readonly Hop[];
}

/** A fact that is to be rewritten, as every language says it. */
export interface StudyFact {
  readonly id: string;
  readonly relation: string;
  readonly said: Readonly<Partial<Record<Language, SaidFact>>>;
}

/** A fact that was left out of the data, in one language or in all. */
export interface LeftOut {
  readonly id: string;
  /** `all` where the fact fits no language. */
  readonly language: Language | "all";
  readonly reason: string;
}

/** A prompt and what is learned to follow it. */
export interface Lesson {
  readonly prompt: string;
  readonly completion: string;
}

/** What a study edits, wherever it comes from. */
export interface Facts {
  readonly list: readonly StudyFact[];
  readonly languages: readonly Language[];
  readonly leftOut: readonly LeftOut[];
  /** Texts of a language, from which the second moment of keys is estimated. */
  texts(language: Language): readonly string[];
  /** What a fine-tune in one language is taught. */
  lessons(language: Language): readonly Lesson[];
  readonly identity: Json;
  /** What a reader must know of the data. */
  readonly notes: readonly string[];
}

/** A prompt with its subject in it. */
export const filled = (prompt: string, subject: string): string => prompt.replace("{}", () => subject);

/** Two texts that nobody can tell apart. */
export const isSame = (a: string, b: string): boolean => a.trim().normalize("NFC") === b.trim().normalize("NFC");
