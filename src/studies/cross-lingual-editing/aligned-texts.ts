/** One text in every language, paragraph by paragraph: what C is estimated from where languages are to weigh alike. */
import { z } from "zod";
import { AssayError, sha256 } from "#base";
import { readTextFile } from "#formats";
import type { Facts, Language } from "./fact.ts";

const paragraphs = z.array(z.record(z.string(), z.string())).min(1);

/** Reads aligned paragraphs, as those of the Universal Declaration of Human Rights. @throws AssayError FACTS_INVALID */
export function readAligned(text: string, path: string): Readonly<Record<string, string>>[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const result = paragraphs.safeParse(value);
  if (result.success) return result.data;
  const expected = 'Expected a list of paragraphs {"en": "…", "de": "…"}';
  throw new AssayError("FACTS_INVALID", `cross-lingual-editing: ${expected} at ${path}, got something else`);
}

/** The same facts, with the paragraphs of a file as the texts of each language. @throws AssayError FILE_MISSING, FACTS_INVALID */
export function withAlignedTexts(facts: Facts, path: string): Facts {
  if (path === "") return facts;
  const text = readTextFile(path);
  const read = readAligned(text, path);
  const missing = facts.languages.find((language) => read.every((paragraph) => paragraph[language] === undefined));
  if (missing !== undefined) {
    throw new AssayError(
      "FACTS_INVALID",
      `cross-lingual-editing: Expected "${missing}" in ${path}, got paragraphs without it`,
    );
  }
  return {
    ...facts,
    texts: (language: Language) => read.flatMap((paragraph) => paragraph[language] ?? []),
    identity: { facts: facts.identity, momentTexts: sha256(text) },
    notes: [...facts.notes, `C is estimated from ${read.length} aligned paragraphs, the same ones in every language`],
  };
}
