/** Beginnings that a model writes itself, so that an edit holds whatever stands before it. */
import { hashOf } from "#base";
import { generate, type LanguageModel } from "#models";
import { fingerprint } from "./fingerprint.ts";
import { type EditLanguage, editLanguages } from "./languages.ts";

/** How prefixes are sampled. */
export interface PrefixOptions {
  /** For each length in tokens, its opening included, how many texts. */
  readonly lengths: readonly { readonly tokens: number; readonly count: number }[];
  readonly seed: number;
}

/** What was sampled before from the weights that a model has now: kept with the model, under their hash. */
const sampled = new WeakMap<LanguageModel, Map<string, Promise<string[]>>>();

/** Drawn from so many of the likeliest tokens, as the published editors do. */
const topK = 5;

/**
 * Samples beginnings in a language from the model as it is: two models, or two languages, never share them, and equal
 * seeds give equal texts. What a model wrote once is not sampled again until its weights change.
 *
 *     x_j = opening + top-5 samples,   the prompt comes after x_j and a full stop
 *
 * Source   Meng et al. 2022, ROME, §3.1; the openings as in MEMIT's code, in the edit's own language
 *
 * @throws AssayError TOKENIZER_MISSING
 */
export function samplePrefixes(
  model: LanguageModel,
  language: EditLanguage,
  options: PrefixOptions,
): Promise<string[]> {
  if (options.lengths.length === 0) return Promise.resolve([]);
  const own = sampled.get(model) ?? new Map<string, Promise<string[]>>();
  sampled.set(model, own);
  const key = hashOf([fingerprint(model).weights, language, options]);
  const known = own.get(key);
  if (known !== undefined) return known;
  const made = sample(model, language, options);
  own.set(key, made);
  // A failure is not kept: the next caller tries again.
  made.catch(() => own.delete(key));
  return made;
}

async function sample(
  model: LanguageModel,
  language: EditLanguage,
  { lengths, seed }: PrefixOptions,
): Promise<string[]> {
  const { openings, stop } = editLanguages[language];
  const prefixes: string[] = [];
  for (const { tokens, count } of lengths) {
    const starts = Array.from({ length: count }, (_, at) => openings[at % openings.length]!);
    const written = await generate(model, starts, {
      maxTokens: tokens - 1,
      temperature: 1,
      topK,
      ignoreEnd: true,
      logProbs: false,
      seed: seed * 1000 + tokens,
    });
    // A slot in a sampled text would be taken for the subject's.
    prefixes.push(...written.map(({ text }, at) => `${starts[at]}${text}`.replaceAll(/[{}]/g, " ") + stop));
  }
  return prefixes.map((prefix) => prefix.normalize("NFC"));
}
