/**
 * Project-level completion from a repository's own history: files that a commit added, with lines to be completed.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.3 and Appendix D
 */
import { stream } from "#base";
import {
  type CodeLanguage,
  type CodeNames,
  codeNames,
  definitionSieve,
  endingsOf,
  type FileChange,
  languageOf,
  mainLanguage,
} from "#evals";
import type { Commit, Repository } from "../repository.ts";
import { classedLines, type LineClass, lineClasses } from "./line-classes.ts";
import { Sieve } from "./sieve.ts";

/** Characters of source in the state before a commit, by which the official sets are told apart. */
export type SizeClass = "small" | "medium" | "large" | "huge";

/** One file to be completed, in the state before the commit that added it. */
export interface CompletionFile {
  readonly repository: string;
  /** The commit that added the file. */
  readonly commit: string;
  /** The state that a context may be taken from. */
  readonly snapshot: string;
  readonly size: SizeClass;
  readonly path: string;
  readonly content: string;
  /** Lines to be completed, counted from zero; no line is in two classes. */
  readonly lines: Readonly<Record<LineClass, readonly number[]>>;
}

/** How many files are taken, and what random choices start from. */
export interface CompletionsOptions {
  readonly files?: number;
  readonly seed?: number;
}

const fewestLines = 200;
const mostLines = 2000;
const sinceDate = "2022-01-01";
/** Lines of a file that say little, and lines of no class. */
const sampled = 5;
/** The other classes are thinned until a file has no more of each on average. */
const averageLines = 10;

/** Files that commits added, the newest first, and what was left out by which rule. */
export async function completions(
  repository: Repository,
  { files: most = 5, seed = 0 }: CompletionsOptions = {},
): Promise<{ items: CompletionFile[]; notes: string[] }> {
  const commits = await repository.commits();
  const language = await languageIn(repository, commits);
  if (language === undefined) return { items: [], notes: [`${repository.name}: no source in a language that is read`] };
  const sieve = new Sieve("added files");
  const names = await namesIn(language);
  const items: CompletionFile[] = [];
  for (const commit of commits) {
    if (items.length >= most) break;
    for (const added of await addedFiles(repository, { commit, language, sieve })) {
      if (items.length >= most) break;
      items.push(await fileOf({ repository, commit, language, names, seed, ...added }));
    }
  }
  const thinned = thin(items, seed);
  return { items: thinned, notes: [sieve.note()] };
}

async function languageIn(repository: Repository, [head]: readonly Commit[]): Promise<CodeLanguage | undefined> {
  return head === undefined ? undefined : mainLanguage((await repository.files(head.hash)).map(({ path }) => path));
}

interface Added {
  readonly path: string;
  readonly content: string;
  /** Source that the same commit added besides. */
  readonly besides: readonly string[];
}

interface AddedOptions {
  readonly commit: Commit;
  readonly language: CodeLanguage;
  readonly sieve: Sieve;
}

async function addedFiles(repository: Repository, { commit, language, sieve }: AddedOptions): Promise<Added[]> {
  const isAdded = ({ changeType, newPath }: FileChange) =>
    changeType === "ADD" && newPath !== null && languageOf(newPath) === language;
  const added = new Set((await repository.changes(commit)).filter(isAdded).map(({ newPath }) => newPath!));
  if (added.size === 0) return [];
  const texts = (await repository.files(commit.hash)).filter(({ path }) => added.has(path));
  return texts.flatMap(({ path, content }) => {
    const lines = content?.split("\n").length ?? 0;
    const passes = sieve.passes([
      [`commits since ${sinceDate}`, commit.date >= sinceDate],
      [`${fewestLines} to ${mostLines} lines`, lines >= fewestLines && lines <= mostLines],
      ["not what mini:code was trained on", repository.isUnseen?.(path) ?? true],
    ]);
    const besides = texts.filter((other) => other.path !== path).flatMap((other) => other.content ?? []);
    return passes ? [{ path, content: content!, besides }] : [];
  });
}

type Names = (text: string) => { readonly defined: ReadonlySet<string>; readonly called: ReadonlySet<string> };

/** Files are the same in most states: each text is read once. */
async function namesIn(language: CodeLanguage): Promise<Names> {
  const find = await codeNames(language);
  const known = new Map<string, ReturnType<Names>>();
  return (text) => {
    const names = known.get(text) ?? setsOf(find(text));
    known.set(text, names);
    return names;
  };
}

const setsOf = ({ defined, called }: CodeNames): ReturnType<Names> => ({
  defined: new Set(defined.map(({ name }) => name)),
  called: new Set(called.map(({ name }) => name)),
});

interface FileOptions extends Added {
  readonly repository: Repository;
  readonly commit: Commit;
  readonly language: CodeLanguage;
  readonly names: Names;
  readonly seed: number;
}

async function fileOf(options: FileOptions): Promise<CompletionFile> {
  const { repository, commit, language, names, seed, path, content, besides } = options;
  const endings = new Set(endingsOf(language));
  const before = (await repository.files(commit.parent)).filter((file) => endings.has(file.path.split(".").at(-1)!));
  const texts = before.flatMap((file) => file.content ?? []);
  // Only what the file calls decides: of a thousand files most define nothing of it.
  const mayDefine = definitionSieve(language, names(content).called);
  const definedIn = (files: readonly string[]) => union(files.filter(mayDefine).map((text) => names(text).defined));
  const classes = await classedLines({
    text: content,
    language,
    committed: definedIn(besides),
    inproject: definedIn(texts),
  });
  const size = sizeClass(texts.reduce((characters, text) => characters + text.length, 0));
  const lines = sampleLines(classes, { content, seed, purpose: `completion/${repository.name}/${path}` });
  return { repository: repository.name, commit: commit.hash, snapshot: commit.parent, size, path, content, lines };
}

const union = (sets: readonly ReadonlySet<string>[]): ReadonlySet<string> => new Set(sets.flatMap((one) => [...one]));

const sizes: readonly (readonly [SizeClass, number])[] = [
  ["small", 48_000],
  ["medium", 192_000],
  ["large", 768_000],
];

/** The official set that a repository of so many characters of source would belong to. */
export const sizeClass = (characters: number): SizeClass =>
  sizes.find(([, below]) => characters < below)?.[0] ?? "huge";

interface SampleOptions {
  readonly content: string;
  readonly seed: number;
  readonly purpose: string;
}

type Lines = Record<LineClass, number[]>;

/** Lines that read the same count once; of the last two classes five are drawn. */
function sampleLines(classes: Lines, { content, seed, purpose }: SampleOptions): Lines {
  const texts = content.split("\n").map((line) => line.trim());
  const rows = lineClasses.map((name) => {
    const once = [...new Map(classes[name].toReversed().map((at) => [texts[at], at])).values()].sort((a, b) => a - b);
    const isDrawn = name === "nonInformative" || name === "random";
    return [name, isDrawn ? drawn(once, sampled, { seed, purpose: `${purpose}/${name}` }) : once] as const;
  });
  return Object.fromEntries(rows) as Lines;
}

function drawn(lines: readonly number[], most: number, { seed, purpose }: { seed: number; purpose: string }): number[] {
  if (lines.length <= most) return [...lines];
  return stream(seed, purpose)
    .sample(lines, most)
    .sort((a, b) => a - b);
}

function thin(files: readonly CompletionFile[], seed: number): CompletionFile[] {
  const kept = lineClasses.map((name) => {
    const all = files.flatMap(({ lines }, at) => lines[name].map((line) => ({ at, line })));
    const purpose = `completion/${files[0]?.repository}/thin/${name}`;
    const most = averageLines * files.length;
    return [name, all.length <= most ? all : stream(seed, purpose).sample(all, most)] as const;
  });
  return files.map((file, at) => {
    const own = kept.map(([name, all]) => [
      name,
      all
        .filter((one) => one.at === at)
        .map(({ line }) => line)
        .sort((a, b) => a - b),
    ]);
    return { ...file, lines: Object.fromEntries(own) as Lines };
  });
}
