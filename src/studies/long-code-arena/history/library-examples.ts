/**
 * Library-based code generation from a library's own examples.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.1
 */
import { codeNames, commentRemover, type RepositoryFile } from "#evals";
import { Sieve } from "./sieve.ts";
import { isTestPath } from "./source-paths.ts";

/** A program to be written against one library. */
export interface LibraryExample {
  readonly repository: string;
  readonly path: string;
  readonly instruction: string;
  readonly reference: string;
  /** The reference without its comments. */
  readonly cleanReference: string;
  /** The library's own names that the reference calls, sorted. */
  readonly uniqueApis: readonly string[];
  /** Every name that the library defines, sorted. */
  readonly definedNames: readonly string[];
}

/** Which names count as the library's own. */
export interface LibraryExamplesOptions {
  readonly repository: string;
  readonly limit: number;
  /** Names that other projects define: a name of theirs is no sign of this library. */
  readonly elsewhere?: ReadonlySet<string>;
}

const fewestCharacters = 100;
const mostCharacters = 40_000;
const fewestComments = 400;
const fewestCalls = 10;

/** Methods of Python's own types and functions that every program calls. */
const everywhere = new Set(
  `abs all any append bool bytes close copy count decode dict encode endswith enumerate extend filter float format get
  index input insert int isinstance items join keys len list lower map max min next open pop print range read remove
  replace reversed round set sort sorted split startswith str strip sum super tuple type update upper values write zip`.split(
    /\s+/,
  ),
);

/** Whether a root folder is one of examples. */
const isExample = (path: string): boolean => /^[^/]*examples[^/]*\/.*\.py$/i.test(path);

/**
 * Examples of a Python library, in the order of their paths.
 *
 * Deviation: the instruction is what the example's own comments say, names of the library left out; the authors had a
 * model draft theirs and mended them by hand.
 */
export async function libraryExamples(
  files: readonly RepositoryFile[],
  { repository, limit, elsewhere = new Set() }: LibraryExamplesOptions,
): Promise<{ items: LibraryExample[]; notes: string[] }> {
  const defined = await namesDefined(files.filter(({ path }) => !isExample(path)));
  const own = new Set([...defined].filter((name) => !elsewhere.has(name) && !everywhere.has(name)));
  const [remove, find] = [await commentRemover("python"), await codeNames("python")];
  const sieve = new Sieve("examples");
  const items: LibraryExample[] = [];
  for (const { path, content } of files.filter((file) => isExample(file.path))) {
    if (items.length === limit) break;
    const { code, comments } = remove(content ?? "");
    const calls = find(code)
      .called.map(({ name }) => name)
      .filter((name) => own.has(name));
    const passes = sieve.passes([
      [
        `${fewestCharacters} to ${mostCharacters} characters of code`,
        code.length >= fewestCharacters && code.length <= mostCharacters,
      ],
      [`at least ${fewestComments} characters of comments`, comments.join("").length >= fewestComments],
      [`at least ${fewestCalls} calls of the library`, calls.length >= fewestCalls],
    ]);
    if (!passes) continue;
    const uniqueApis = [...new Set(calls)].sort();
    items.push({
      repository,
      path,
      reference: content!,
      cleanReference: code,
      uniqueApis,
      definedNames: [...defined].sort(),
      instruction: instructionOf(comments, { repository, uniqueApis }),
    });
  }
  const standIn =
    "instructions are the examples' own comments; the authors' were drafted by a model and mended by hand";
  return { items, notes: [sieve.note(), standIn] };
}

/** Every name that Python files define: what marks a library, and what other projects must not have. */
export async function namesDefined(files: readonly RepositoryFile[]): Promise<Set<string>> {
  const find = await codeNames("python");
  const texts = files
    .filter(({ path }) => path.endsWith(".py") && !isTestPath(path))
    .flatMap(({ content }) => content ?? []);
  return new Set(
    texts.flatMap((text) => find(text).defined.map(({ name }) => name)).filter((name) => !/^__\w+__$/.test(name)),
  );
}

interface InstructionOptions {
  readonly repository: string;
  readonly uniqueApis: readonly string[];
}

/** What the comments say, without what would give the calls away. */
function instructionOf(comments: readonly string[], { repository, uniqueApis }: InstructionOptions): string {
  const library = repository.split("__").at(-1)!;
  const bare = comments.map((comment) => comment.replace(/^(#+|[rbu]*("""|'''))\s*|\s*("""|''')$/gi, "").trim());
  const hidden = new RegExp(
    `\\b(${uniqueApis.map((name) => name.replaceAll(/\W/g, "\\$&")).join("|")})\\b(\\(\\))?`,
    "g",
  );
  const steps = bare.filter(Boolean).map((text) => text.replaceAll(/\s+/g, " ").replaceAll(hidden, "it"));
  return `Write a program that uses the library ${library}. ${steps.join(" ")}`;
}
