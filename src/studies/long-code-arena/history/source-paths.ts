/** Which files count as source, by the paper's rules. */
import { endingsOf, mainLanguage } from "#evals";

/**
 * The authors' rule, a plain substring: `src/latest/x.py` is a test too. Scripts say it in their names besides, in languages
 * that the authors do not have.
 */
export const isTestPath = (path: string): boolean =>
  /tests?\//.test(path.toLowerCase()) || /\.(test|spec)\.[cm]?[jt]sx?$/.test(path);

/** Whether a name ends like the language's; as the authors have it, no dot is asked for. */
export const endsLike = (path: string, endings: readonly string[]): boolean =>
  endings.some((ending) => path.endsWith(ending));

/** Source files that are no tests. */
export const isSource = (path: string, endings: readonly string[]): boolean =>
  endsLike(path, endings) && !isTestPath(path);

/** The endings of the language that most files of a repository are written in; empty where none is known. */
export function endingsIn(paths: Iterable<string>): string[] {
  const language = mainLanguage(paths);
  return language === undefined ? [] : endingsOf(language).map((ending) => `.${ending}`);
}

/** Everything in a text that looks like a file's name or path, in its order. Linear: one search for both takes the square. */
export const pathsIn = (text: string): string[] =>
  (text.match(/[\w./-]+/g) ?? []).flatMap((run) => /^.+\.\w+/.exec(run)?.[0] ?? []);

/** Added and removed lines of a diff. */
export const changedLines = (diff: string): number => diff.split("\n").filter((line) => /^[+-]/.test(line)).length;
