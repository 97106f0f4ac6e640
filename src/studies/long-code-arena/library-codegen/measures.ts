import type { Scorer } from "#base";
import { type CodeLanguage, codeBlock, codeNames } from "#evals";
import { apiRecall, calledNamesFinder, chrfSignature, sentenceChrf } from "#evals/metrics";
import { failureOf, hasFailed } from "../failures.ts";

/** What a program is judged by. */
export type LibraryTruth = {
  readonly reference: string;
  readonly apis: readonly string[];
  readonly language: CodeLanguage;
};

/** What an answer holds. */
export interface ReadCode {
  readonly code: string;
  /** The distinct names that it calls, sorted. */
  readonly called: readonly string[];
  readonly hasError: boolean;
}

/** The variant of both metrics, in one line. */
export const librarySignature = (): string =>
  `library-codegen|${chrfSignature()}|scale:1|api-recall|names:called|scale:1|code:first-fence|v:1`;

/** Loads the parser and returns what takes the code and its calls out of an answer. */
export async function codeReader(language: CodeLanguage = "python"): Promise<(answer: string) => ReadCode> {
  const find = language === "python" ? await calledNamesFinder() : await otherNamesFinder(language);
  return (answer) => {
    const code = codeBlock(answer);
    return { code, ...find(code) };
  };
}

/** The official two patterns are Python's; for other languages the same is asked of their grammars. */
async function otherNamesFinder(language: CodeLanguage): Promise<(code: string) => Omit<ReadCode, "code">> {
  const find = await codeNames(language);
  return (code) => {
    const { called, hasError } = find(code);
    return { called: [...new Set(called.map(({ name }) => name))].sort(), hasError };
  };
}

/** ChrF of code against a reference, from 0 to 1, as the authors scale it. */
export const codeChrf = (code: string, reference: string): number => sentenceChrf(code, reference) / 100;

/**
 * ChrF and API recall of one answer.
 *
 *     chrf = CHRF(code, clean reference) / 100      apiRecall = |called ∩ apis| / |apis|
 *
 * Code that is not valid Python is judged all the same, as far as the parser recovers; `syntaxError` says so. A refusal
 * is text that gets what text gets, as the authors have it.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.1
 */
export async function libraryScorer(languages: Iterable<CodeLanguage>): Promise<Scorer<LibraryTruth>> {
  const readers = new Map<CodeLanguage, Awaited<ReturnType<typeof codeReader>>>();
  for (const language of new Set(languages)) readers.set(language, await codeReader(language));
  return (response, { reference, apis, language }) => {
    const { code, called, hasError } = readers.get(language)!(response ?? "");
    // Any text may be code: what declines in words and calls nothing is a refusal.
    const failure = failureOf(response, () => code !== "" && (called.length > 0 || !hasError));
    return {
      chrf: codeChrf(code, reference),
      apiRecall: apiRecall(called, apis),
      syntaxError: Number(hasError && !hasFailed(failure)),
      ...failure,
    };
  };
}
