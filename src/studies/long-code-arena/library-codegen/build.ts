/** Items of library-based code generation from a repository's own examples, or from its tests. */
import { type CodeLanguage, type CodeNames, codeNames, languageOf, mainLanguage, type RepositoryFile } from "#evals";
import { libraryExamples } from "../history/library-examples.ts";
import { isTestPath } from "../history/source-paths.ts";
import { filesNow, type Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import type { LibraryItem } from "./item.ts";
import { type SingleTest, singleTests } from "./single-tests.ts";

/**
 * The examples of a library by the paper's rules; where it has none, its single tests.
 *
 * Deviation: a test is shorter than an example and says in its name what must hold; it stands in where a repository has no
 * folder of examples that the paper's rules accept.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.1 and Appendix B
 */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<LibraryItem>> {
  const files = await filesNow(repository);
  const examples = await libraryExamples(files, { repository: repository.name, limit: settings.items });
  if (examples.items.length > 0) {
    const items = examples.items.map((example) => ({
      id: `${example.repository}/${example.path}`,
      repository: example.repository,
      language: "python" as const,
      instruction: example.instruction,
      reference: example.cleanReference,
      apis: example.uniqueApis,
      names: example.definedNames,
    }));
    return { items, notes: examples.notes };
  }
  return fromTests(repository, files, settings.items);
}

async function fromTests(
  { name: repository }: Repository,
  files: readonly RepositoryFile[],
  most: number,
): Promise<Built<LibraryItem>> {
  const language = mainLanguage(files.map(({ path }) => path));
  if (language === undefined) return { items: [], notes: [`${repository}: no code in a language that is read`] };
  const code = files.filter(({ path, content }) => content !== null && languageOf(path) === language);
  const find = await codeNames(language);
  const isTest = ({ path }: RepositoryFile) => isTestPath(path) || /(^|\/)test_[^/]*\.py$/.test(path);
  const library = code.filter((file) => !isTest(file));
  const names = [...new Set(library.flatMap(({ content }) => definedIn(find, content!)))].sort();
  const tests = code.filter(isTest).flatMap(({ path, content }) => singleTests(content!, { path, language }));
  const items = tests.flatMap((test) => itemOf(test, { repository, language, names, find }) ?? []);
  return {
    items: spaced(items, most),
    notes: [
      `${repository}: no examples that the paper's rules accept; ${items.length} single tests stand in, their names for instructions`,
    ],
  };
}

const definedIn = (find: (text: string) => CodeNames, text: string): string[] =>
  find(text)
    .defined.map(({ name }) => name)
    .filter((name) => !/^__\w+__$|^constructor$/.test(name));

interface Library {
  readonly repository: string;
  readonly language: CodeLanguage;
  readonly names: readonly string[];
  readonly find: (text: string) => CodeNames;
}

function itemOf(
  { id, title, code }: SingleTest,
  { repository, language, names, find }: Library,
): LibraryItem | undefined {
  const own = new Set(names);
  const apis = [...new Set(find(code).called.map(({ name }) => name))].filter((name) => own.has(name)).sort();
  if (apis.length === 0) return undefined;
  const library = repository.split("__").at(-1)!;
  return {
    id: `${repository}/${id}`,
    repository,
    language,
    reference: code,
    apis,
    names,
    instruction: `Write a program in ${language} that uses the library ${library} and checks that ${title}.`,
  };
}

/** Some of many, evenly spread over all. */
function spaced<Member>(members: readonly Member[], most: number): Member[] {
  if (members.length <= most) return [...members];
  return Array.from({ length: most }, (_, at) => members[Math.floor((at * members.length) / most)]!);
}
