/** Bugs of a repository: commits that say they fix something, with the issue or what stands in for it. */
import { extname } from "node:path";
import type { FileChange } from "#evals";
import { languageOf } from "#evals";
import { readRows } from "#formats";
import type { Commit } from "#formats/git";
import { Cells } from "../cells.ts";
import { isTest } from "../paths.ts";
import type { Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import { type BugItem, isCandidate } from "./item.ts";

/** The text of an issue. */
interface Issue {
  readonly title: string;
  readonly body: string;
}

/** What the paper takes for no outlier. */
const mostFiles = 22;
const mostLines = 594;

const fixes = /\b(fix(es|ed|ing)?|bugs?|resolve[sd]?|close[sd]?|crash(es)?|incorrect|wrong|broken|regression)\b/i;

/**
 * Commits that fix a bug in existing files that are no tests, the newest first.
 *
 * Deviation: without a file of issues the commit's own message stands in for the issue. It was written by someone who
 * knew the fix, often names its place, and makes the task easier than the paper's.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.5 and Appendix F
 */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<BugItem>> {
  const issues = settings.issues === "" ? undefined : await readIssues(settings.issues);
  const ending = endingOf(repository);
  if (ending === undefined) return { items: [], notes: [`${repository.name}: no code in a language that is read`] };
  const items: BugItem[] = [];
  for (const commit of repository.commits) {
    if (items.length === settings.items) break;
    const issue = issues === undefined ? messageAsIssue(commit) : issueFor(commit, issues);
    const truth = issue === undefined ? undefined : truthOf(repository.changes(commit), ending);
    if (issue === undefined || truth === undefined) continue;
    items.push(itemOf(repository, { commit, issue, truth, ending }));
  }
  const told = issues === undefined ? "commit messages stand in for issues" : `issues from ${settings.issues}`;
  return { items, notes: [`${repository.name}: ${items.length} fixes in .${ending} files, ${told}`] };
}

interface Fix {
  readonly commit: Commit;
  readonly issue: Issue;
  readonly truth: readonly string[];
  readonly ending: string;
}

function itemOf(repository: Repository, { commit, issue, truth, ending }: Fix): BugItem {
  const base = commit.parents[0]!;
  return {
    ...{ id: commit.id, repository: repository.name, ending, ...issue, base, head: commit.id, truth },
    files: () => repository.files(base),
  };
}

/** The ending that most files of code have. */
function endingOf(repository: Repository): string | undefined {
  const paths = repository.now().map(({ path }) => path);
  const counts = new Map<string, number>();
  for (const path of paths) {
    const ending = extname(path).slice(1);
    if (languageOf(path) !== undefined && !isTest(path)) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function messageAsIssue({ message }: Commit): Issue | undefined {
  if (!fixes.test(message)) return undefined;
  const [title = "", ...body] = message.trim().split("\n");
  return {
    title,
    body: body
      .filter((line) => !/^[\w-]+-by: /i.test(line))
      .join("\n")
      .trim(),
  };
}

/** By the commit's name or the beginning of it. */
function issueFor({ id }: Commit, issues: ReadonlyMap<string, Issue>): Issue | undefined {
  return issues.get(id) ?? [...issues].find(([start]) => start.length >= 7 && id.startsWith(start))?.[1];
}

/** Undefined where the fix is none by the paper's rules: new, removed or renamed files, nothing but tests, outliers. */
function truthOf(changes: readonly FileChange[], ending: string): string[] | undefined {
  const ours = changes.filter(({ newPath, oldPath }) => !isTest((newPath ?? oldPath)!));
  const modifies = ours.every(({ changeType }) => changeType === "MODIFY");
  const truth = ours.flatMap(({ newPath }) => (newPath !== null && isCandidate(newPath, ending) ? [newPath] : []));
  const lines = changes.reduce((sum, { diff }) => sum + (diff.match(/^[+-]/gm)?.length ?? 0), 0);
  return modifies && truth.length > 0 && truth.length <= mostFiles && lines <= mostLines ? truth : undefined;
}

/** @throws AssayError DATA_INVALID, TABLE_INVALID, FILE_MISSING */
async function readIssues(file: string): Promise<Map<string, Issue>> {
  const issues = new Map<string, Issue>();
  let line = 0;
  for await (const row of readRows(file)) {
    const cells = new Cells(row, `${file}, row ${line++}`);
    issues.set(cells.text("commit"), { title: cells.text("title"), body: cells.optional("body") ?? "" });
  }
  return issues;
}
