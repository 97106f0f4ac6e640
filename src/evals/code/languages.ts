import { extname } from "node:path";
import type { GrammarName } from "#formats";

/** A language whose code the lab reads. */
export type CodeLanguage = GrammarName;

const languages: Readonly<Record<string, CodeLanguage>> = {
  ".cjs": "javascript",
  ".cts": "typescript",
  ".java": "java",
  ".js": "javascript",
  ".kt": "kotlin",
  ".mjs": "javascript",
  ".mts": "typescript",
  ".py": "python",
  ".ts": "typescript",
};

/** The language of a file by its name, or undefined. */
export const languageOf = (path: string): CodeLanguage | undefined => languages[extname(path).toLowerCase()];

/** Endings of a language's files, without the dot, sorted. */
export const endingsOf = (language: CodeLanguage): string[] =>
  Object.entries(languages)
    .filter(([, name]) => name === language)
    .map(([ending]) => ending.slice(1));

/** The language that most of some files are written in; of equal counts the first met. */
export function mainLanguage(paths: Iterable<string>): CodeLanguage | undefined {
  const counts = new Map<CodeLanguage, number>();
  for (const path of paths) {
    const language = languageOf(path);
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}
