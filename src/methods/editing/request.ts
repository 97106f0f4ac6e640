import type { EditLanguage } from "./languages.ts";

/** A fact that is to be rewritten. */
export interface EditRequest {
  /** Named in reports; its place in the batch when left out. */
  readonly id?: string;
  readonly subject: string;
  /** What the object follows: with `{}` where the subject stands, or with the subject written out. */
  readonly prompt: string;
  /** The new object. A space goes before it where neither it nor the prompt's end brings one. */
  readonly target: string;
  /** The object that the model says now, where it is known. */
  readonly old?: string;
  /** Of the prompt, `en` when left out: prefixes and the prompt that is to stay are in it. */
  readonly language?: string;
}

/** A request whose subject has been found. */
export interface PlacedRequest {
  readonly id: string;
  readonly subject: string;
  readonly language: EditLanguage;
  /** The prompt with its subject in it. */
  readonly prompt: string;
  /** The characters of the subject in the prompt. */
  readonly start: number;
  readonly end: number;
  readonly form: "exact" | "inflected";
  /** The new object with what separates it from the prompt. */
  readonly continuation: string;
  readonly target: string;
  readonly old: string | undefined;
}

/** The text of an object behind a prompt: a space goes between them where neither brings one. */
export function continuationOf(target: string, { prompt = "" }: { readonly prompt?: string } = {}): string {
  const text = target.normalize("NFC");
  return /^\s/u.test(text) || /\s$/u.test(prompt) ? text : ` ${text}`;
}
