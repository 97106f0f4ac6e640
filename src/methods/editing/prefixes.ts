/** Beginnings that a model writes itself, so that an edit holds whatever stands before it. */
import { generate, type LanguageModel } from "#models";
import { type EditLanguage, editLanguages } from "./languages.ts";

/** How prefixes are sampled. */
export interface PrefixOptions {
  /** For each length in tokens, its opening included, how many texts. */
  readonly lengths: readonly { readonly tokens: number; readonly count: number }[];
  readonly seed: number;
}

/** Drawn from so many of the likeliest tokens, as the published editors do. */
const topK = 5;

/**
 * Samples beginnings in a language from the model as it is. Nothing is kept between calls: two models, or two languages,
 * never share them; equal seeds give equal texts.
 *
 *     x_j = opening + top-5 samples,   the prompt comes after x_j and a full stop
 *
 * Source   Meng et al. 2022, ROME, §3.1; the openings as in MEMIT's code, in the edit's own language
 *
 * @throws AssayError TOKENIZER_MISSING
 */
export async function samplePrefixes(
  model: LanguageModel,
  language: EditLanguage,
  { lengths, seed }: PrefixOptions,
): Promise<string[]> {
  const { openings, stop } = editLanguages[language];
  const prefixes: string[] = [];
  for (const { tokens, count } of lengths) {
    const starts = Array.from({ length: count }, (_, at) => openings[at % openings.length]!);
    const written = await generate(model, starts, {
      ...{ maxTokens: tokens - 1, temperature: 1, topK, ignoreEnd: true },
      seed: seed * 1000 + tokens,
    });
    // A slot in a sampled text would be taken for the subject's.
    prefixes.push(...written.map(({ text }, at) => `${starts[at]}${text}`.replaceAll(/[{}]/g, " ") + stop));
  }
  return prefixes.map((prefix) => prefix.normalize("NFC"));
}
