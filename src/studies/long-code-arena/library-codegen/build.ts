/** Items of library-based code generation from a repository's own examples. */
import {
  type CodeLanguage,
  type CodeNames,
  type CommentedCode,
  codeNames,
  commentRemover,
  languageOf,
  mainLanguage,
  type RepositoryFile,
  type TextFile,
} from "#evals";
import { isTest } from "../paths.ts";
import type { Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import type { LibraryItem } from "./item.ts";

/** The limits of the paper, and those for small repositories. */
interface ExampleLimits {
  /** Characters without comments. */
  readonly shortest: number;
  readonly longest: number;
  /** Characters of comments. */
  readonly comments: number;
  /** Different names of the library that are called. */
  readonly calls: number;
}

const limitsOf = {
  paper: { shortest: 100, longest: 40_000, comments: 400, calls: 10 },
  small: { shortest: 40, longest: 40_000, comments: 20, calls: 2 },
} as const satisfies Record<"paper" | "small", ExampleLimits>;

/**
 * The examples of a library as programs to be written: its folders named examples, whose files call its own names.
 *
 * Deviation: comments stand in for the instruction, which GPT-4 drafted and people edited; a name counts as the library's
 * own when the library defines it and no example does, for one repository cannot say what others define; where there is
 * no folder of examples, tests stand in.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.1 and Appendix B
 */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<LibraryItem>> {
  const files = repository.now().filter(isText);
  const language = mainLanguage(files.map(({ path }) => path));
  if (language === undefined) return { items: [], notes: [`${repository.name}: no code in a language that is read`] };
  const own = files.filter(({ path }) => languageOf(path) === language);
  const { examples, folder } = examplesOf(own);
  const read = { find: await codeNames(language), strip: await commentRemover(language), language };
  const library = own.filter((file) => !examples.includes(file) && !isTest(file.path));
  const names = namesOf(library, examples, read.find);
  const making = { repository, names, limits: limitsOf[settings.limits], ...read };
  const items = examples.flatMap((file) => itemOf(file, making) ?? []);
  return { items: items.slice(0, settings.items), notes: notesOf(repository, folder, items.length) };
}

function notesOf({ name }: Repository, folder: "examples" | "tests", found: number): string[] {
  const standIn = folder === "tests" ? [`${name}: no folder of examples, tests stand in`] : [];
  return [...standIn, `${name}: ${found} examples, whose comments stand in for instructions`];
}

const isText = (file: RepositoryFile): file is TextFile => file.content !== null;

function examplesOf(files: readonly TextFile[]): { examples: readonly TextFile[]; folder: "examples" | "tests" } {
  const examples = files.filter(({ path }) => /^[^/]*examples[^/]*\/(?!.*__init__\.py$)/i.test(path));
  if (examples.length > 0) return { examples, folder: "examples" };
  return { examples: files.filter(({ path }) => isTest(path)), folder: "tests" };
}

type FindNames = (text: string) => CodeNames;

function namesOf(library: readonly TextFile[], examples: readonly TextFile[], find: FindNames): string[] {
  const definedIn = (files: readonly TextFile[]) =>
    new Set(files.flatMap(({ content }) => find(content).defined.map(({ name }) => name)));
  const theirs = definedIn(examples);
  return [...definedIn(library)].filter((name) => !theirs.has(name) && !/^__\w+__$|^constructor$/.test(name)).sort();
}

interface Example {
  readonly repository: Repository;
  readonly language: CodeLanguage;
  readonly names: readonly string[];
  readonly limits: ExampleLimits;
  readonly find: FindNames;
  readonly strip: (text: string) => CommentedCode;
}

function itemOf({ path, content }: TextFile, example: Example): LibraryItem | undefined {
  const { repository, language, names, limits, find, strip } = example;
  const { code, comments } = strip(content);
  const reference = code.trim();
  const told = comments
    .map(plain)
    .filter((text) => text !== "" && !/copyright|licen[cs]e/i.test(text))
    .join("\n");
  const own = new Set(names);
  const called = new Set(find(reference).called.map(({ name }) => name));
  const apis = [...called].filter((name) => own.has(name)).sort();
  const isLong = reference.length >= limits.shortest && reference.length <= limits.longest;
  if (!isLong || told.length < limits.comments || apis.length < limits.calls) return undefined;
  return {
    ...{ id: `${repository.name}/${path}`, repository: repository.name, language, reference, apis, names },
    instruction: `Write a program with the library ${repository.name}. ${told}`,
  };
}

/** A comment's words without its marks. */
const plain = (comment: string): string =>
  comment
    .replace(/^\w*("""|''')|("""|''')$|^\/\*+|\*+\/$/g, "")
    .replace(/^[ \t]*(?:#+!?|\/\/+|\*)[ \t]?/gm, "")
    .trim();
