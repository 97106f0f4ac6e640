/**
 * Module summarization from a repository's own documentation: a page, and the source files that it speaks of.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.6
 */
import { posix } from "node:path";
import { languageOf, type RepositoryFile } from "#evals";
import { Sieve } from "./sieve.ts";
import { pathsIn } from "./source-paths.ts";

/** A page to be written from the code that it describes. */
export interface ModulePage {
  readonly repository: string;
  readonly path: string;
  readonly fileName: string;
  /** What it is about, in a few words. */
  readonly intent: string;
  /** Files that it names, in the order in which it does. */
  readonly codeFiles: readonly string[];
  /** Their texts, one after the other. */
  readonly code: string;
  readonly text: string;
}

/** Whose pages, and how many. */
export interface ModulePagesOptions {
  readonly repository: string;
  readonly limit: number;
}

const fewestLines = 10;

/**
 * Pages under `docs/` that name source files, in the order of their paths.
 *
 * Deviation: the intent is the page's first heading; the authors wrote theirs by hand, and chose 216 of 461 pages.
 */
export function modulePages(
  files: readonly RepositoryFile[],
  { repository, limit }: ModulePagesOptions,
): { items: ModulePage[]; notes: string[] } {
  const sieve = new Sieve("documents");
  const sources = files.filter(({ path, content }) => content !== null && languageOf(path) !== undefined);
  const find = finderOf(sources);
  const items: ModulePage[] = [];
  for (const { path, content } of files.filter(({ path: name }) => isDocument(name))) {
    if (items.length === limit) break;
    const named = content === null ? [] : find(content);
    const passes = sieve.passes([
      ["text", content !== null],
      [`at least ${fewestLines} plain lines`, () => plainLines(content!).length >= fewestLines],
      ["names source files", named.length > 0],
    ]);
    if (passes) items.push(pageOf({ repository, path, text: content!, named }));
  }
  const chosen = "what a page is about is its first heading; the authors wrote it by hand";
  return { items, notes: [sieve.note(), chosen] };
}

const isDocument = (path: string): boolean => /(^|\/)docs?\/.*\.(md|txt|rst)$/i.test(path);

/** Lines of prose: no code in fences, no headings, no rules, no tables. */
function plainLines(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```\s*$/gm, "");
  return prose.split("\n").filter((line) => /[a-z]/i.test(line) && !/^\s*(#|\||={3}|-{3}|\.\.|:)/.test(line));
}

type Find = (text: string) => RepositoryFile[];

/** A file is named by its path, a part of it with its name, or its name where no other has it. */
function finderOf(sources: readonly RepositoryFile[]): Find {
  const byName = Map.groupBy(sources, ({ path }) => posix.basename(path));
  return (text) => {
    const found = pathsIn(text).flatMap((word) => {
      const bare = word.replace(/^(\.{0,2}\/)+/, "").replace(/\.+$/, "");
      const candidates = byName.get(posix.basename(bare)) ?? [];
      const matches = candidates.filter(({ path }) => path === bare || path.endsWith(`/${bare}`));
      return matches.length === 1 ? matches : matches.filter(({ path }) => path === bare);
    });
    return [...new Set(found)];
  };
}

interface Page {
  readonly repository: string;
  readonly path: string;
  readonly text: string;
  readonly named: readonly RepositoryFile[];
}

function pageOf({ repository, path, text, named }: Page): ModulePage {
  return {
    repository,
    path,
    text,
    fileName: posix.basename(path),
    intent: intentOf(text, path),
    codeFiles: named.map((file) => file.path),
    code: named.map(({ content }) => content).join("\n"),
  };
}

function intentOf(text: string, path: string): string {
  const [, heading] = /^#+\s+(.+?)\s*#*$/m.exec(text) ?? /^(\S.*)\n[=~^-]{3,}$/m.exec(text) ?? [];
  const bare = heading?.replaceAll(/[`*_[\]]/g, "").trim();
  return bare === undefined || bare === "" ? posix.parse(path).name.replaceAll(/[-_]/g, " ") : bare;
}
