/**
 * CI repair from a repository's own history: a workflow, a state in which it may fail and the commit that mends it.
 *
 * Which runs failed is not in a history: every pair is a candidate until the gate has run it before and after.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.2 and Appendix C
 */
import { type FileChange, languageOf } from "#evals";
import type { Commit, Repository } from "../repository.ts";
import { Sieve } from "./sieve.ts";

/** A build that may be broken, and its repair. */
export interface BuildPair {
  readonly repository: string;
  readonly workflowPath: string;
  readonly workflow: string;
  readonly shaFail: string;
  readonly shaSuccess: string;
  readonly changedFiles: readonly string[];
  /** The repair as a patch that git would apply. */
  readonly diff: string;
  /** 1 formatting, 2 in one file, 3 across files. */
  readonly difficulty: 1 | 2 | 3;
}

/** How many pairs, and which commits may be repairs. */
export interface BuildPairsOptions {
  readonly limit: number;
  /** Most pairs of one workflow. */
  readonly ofWorkflow?: number;
}

const isWorkflow = (path: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
const isDocument = (path: string): boolean => /\.(md|rst|txt)$/i.test(path);
const mends =
  /\b(fix(e[sd])?|mend(s|ed)?|repair(s|ed)?|correct(s|ed)?|resolve[sd]?|fail(s|ed|ing|ure)?|broken|builds?|ci)\b/i;

/**
 * Pairs of a commit and its parent, the newest first.
 *
 * Deviation: a difficulty is told by the shape of the repair; the authors judged theirs by hand.
 */
export async function buildPairs(
  repository: Repository,
  { limit, ofWorkflow = limit }: BuildPairsOptions,
): Promise<{ items: BuildPair[]; notes: string[] }> {
  const sieve = new Sieve("commits");
  const counts = new Map<string, number>();
  const items: BuildPair[] = [];
  for (const commit of await repository.commits()) {
    if (items.length >= limit) break;
    const changes = await repository.changes(commit);
    const workflows = isRepair(changes, commit, sieve) ? await workflowsAt(repository, commit.parent) : [];
    for (const { path, content } of workflows) {
      const count = counts.get(path) ?? 0;
      if (items.length >= limit || count >= ofWorkflow) continue;
      counts.set(path, count + 1);
      items.push(pairOf({ repository, commit, changes, workflowPath: path, workflow: content }));
    }
  }
  const none = items.length === 0 ? ["no repair that a workflow under .github/workflows could judge"] : [];
  const note =
    "a history does not say which builds failed: every pair counts only once it fails before and passes after";
  return { items, notes: [sieve.note(), ...none, note] };
}

function isRepair(changes: readonly FileChange[], { message }: Commit, sieve: Sieve): boolean {
  const paths = changes.map(({ newPath, oldPath }) => newPath ?? oldPath ?? "");
  return sieve.passes([
    ["a word of mending in the message", mends.test(message)],
    ["a source file", paths.some((path) => languageOf(path) !== undefined)],
    ["only code or documents", paths.every((path) => languageOf(path) !== undefined || isDocument(path))],
  ]);
}

async function workflowsAt(repository: Repository, hash: string): Promise<{ path: string; content: string }[]> {
  const files = await repository.files(hash);
  return files.flatMap(({ path, content }) =>
    isWorkflow(path) && content !== null && isRunnable(path, content) ? [{ path, content }] : [],
  );
}

/** Secrets are not at hand, and checks of style alone are seldom repaired by thought. */
const isRunnable = (path: string, text: string): boolean =>
  !/token|secret/i.test(text) &&
  !/mypy|lint|flake8|black/i.test(path) &&
  !/^name:.*(mypy|lint|flake8|black)/im.test(text);

interface Pair {
  readonly repository: Repository;
  readonly commit: Commit;
  readonly changes: readonly FileChange[];
  readonly workflowPath: string;
  readonly workflow: string;
}

function pairOf({ repository, commit, changes, workflowPath, workflow }: Pair): BuildPair {
  return {
    repository: repository.name,
    workflowPath,
    workflow,
    shaFail: commit.parent,
    shaSuccess: commit.hash,
    difficulty: difficultyOf(changes),
    changedFiles: changes.map(({ newPath, oldPath }) => newPath ?? oldPath ?? "").sort(),
    diff: patchOf(changes),
  };
}

/** One patch of all changes, as `git apply` takes it. */
export function patchOf(changes: readonly FileChange[]): string {
  const parts = changes
    .filter(({ diff }) => diff !== "")
    .map(({ oldPath, newPath, diff }) => {
      const before = oldPath === null ? "/dev/null" : `a/${oldPath}`;
      const after = newPath === null ? "/dev/null" : `b/${newPath}`;
      return `--- ${before}\n+++ ${after}\n${diff}\n`;
    });
  return parts.join("");
}

function difficultyOf(changes: readonly FileChange[]): 1 | 2 | 3 {
  const bare = (diff: string, side: "+" | "-") =>
    diff
      .split("\n")
      .filter((line) => line.startsWith(side))
      .map((line) => line.slice(1))
      .join("")
      .replaceAll(/\s/g, "");
  if (changes.every(({ diff }) => bare(diff, "+") === bare(diff, "-"))) return 1;
  return changes.filter(({ newPath, oldPath }) => languageOf(newPath ?? oldPath ?? "") !== undefined).length > 1
    ? 3
    : 2;
}
