/** Documents of a repository that name files of code. */
import { basename, posix } from "node:path";
import { languageOf, type RepositoryFile, type TextFile } from "#evals";
import { isTest } from "../paths.ts";
import type { Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import type { DocumentItem } from "./item.ts";

/** The limits of the paper, and those for small repositories. */
interface DocumentLimits {
  /** Lines of plain text. */
  readonly lines: number;
  /** Characters of code that it names. */
  readonly code: number;
  /** Only documents in a folder of documents. */
  readonly onlyInDocs: boolean;
}

const limitsOf = {
  paper: { lines: 10, code: 1000, onlyInDocs: true },
  small: { lines: 4, code: 200, onlyInDocs: false },
} as const satisfies Record<"paper" | "small", DocumentLimits>;

/** More code than this is not shown to anyone. */
const longestCode = 200_000;

/**
 * Documents that name files of code by their path or their name, with the code that they name.
 *
 * Deviation: the intent, which people wrote, is the document's first heading; the paper's people also left out documents
 * that tell nothing of the code.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.6 and Appendix C
 */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<DocumentItem>> {
  const limits = limitsOf[settings.limits];
  const files = repository.now().filter(isText);
  const code = files.filter(({ path }) => languageOf(path) !== undefined && !isTest(path));
  const found = files.flatMap((file) => itemOf(file, { repository, code, limits }) ?? []);
  return {
    items: found.slice(0, settings.items),
    notes: [`${repository.name}: ${found.length} documents name files of code`],
  };
}

const isText = (file: RepositoryFile): file is TextFile => file.content !== null;

interface Sources {
  readonly repository: Repository;
  readonly code: readonly TextFile[];
  readonly limits: DocumentLimits;
}

function itemOf({ path, content }: TextFile, { repository, code, limits }: Sources): DocumentItem | undefined {
  const isInDocs = /^(docs?|documentation)\//i.test(path);
  if (!/\.(md|rst|txt)$/i.test(path) || /licen[cs]e|changelog|history/i.test(path)) return undefined;
  if (limits.onlyInDocs && !isInDocs) return undefined;
  if (plainLines(content) < limits.lines) return undefined;
  const named = code.filter((file) => isNamed(content, file.path));
  const text = named
    .map((file) => `# ${file.path}\n${file.content}`)
    .join("\n\n")
    .slice(0, longestCode);
  if (text.length < limits.code) return undefined;
  return {
    ...{ id: `${repository.name}/${path}`, repository: repository.name, file: basename(path) },
    ...{ intent: headingOf(content) ?? basename(path), target: content, code: text },
  };
}

const plainLines = (content: string): number =>
  content
    .replace(/^```[\s\S]*?^```/gm, "")
    .split("\n")
    .filter((line) => /\p{L}{2}/u.test(line) && !/^\s*[#=|.-]/.test(line)).length;

/** By its whole path, or by its name where that says enough. */
function isNamed(content: string, path: string): boolean {
  const name = posix.basename(path);
  return content.includes(path) || (/^(?!index\.|__init__|main\.).{6,}/.test(name) && content.includes(name));
}

const headingOf = (content: string): string | undefined =>
  (/^#+\s+(.+)$/m.exec(content)?.[1] ?? /^(.+)\n[=-]{3,}$/m.exec(content)?.[1])?.replace(/[`*_]/g, "").trim();
