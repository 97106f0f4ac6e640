/**
 * Bug localization from a repository's own history: a text that tells of a bug, and the files that its fix changed.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.5 and Appendix F
 */
import type { FileChange } from "#evals";
import type { Commit, IssueText, Repository } from "../repository.ts";
import { Sieve } from "./sieve.ts";
import { changedLines, endingsIn, isSource } from "./source-paths.ts";

/** One bug and its fix. */
export interface BugReport {
  readonly repository: string;
  /** The state in which the bug is to be found. */
  readonly base: string;
  /** The state in which it is mended. */
  readonly head: string;
  readonly title: string;
  readonly body: string;
  /** Source files that the fix changed, sorted; tests are left out. */
  readonly changedFiles: readonly string[];
  /** Endings of the names of source files: candidates are all such files of `base` that are no tests. */
  readonly endings: readonly string[];
}

/** What bugs are told by. */
export interface BugReportsOptions {
  readonly limit: number;
  /** Issues by the commit that closed them; where there are none, the commits' own messages stand in. */
  readonly issues?: ReadonlyMap<string, IssueText>;
  /** `py`, `java`, `kt` …; those of the repository's main language when left out. */
  readonly endings?: readonly string[];
}

const mostFiles = 22;
const mostLines = 594;
const fewestTokens = 13;
const mostTokens = 4491;

/**
 * Bugs of a repository, the newest first, and what was left out by which rule.
 *
 * Where messages stand in for issues and too few tell of a bug, rules about their words are dropped one after the other.
 */
export async function bugReports(
  repository: Repository,
  { limit, issues, endings }: BugReportsOptions,
): Promise<{ items: BugReport[]; notes: string[] }> {
  const commits = await repository.commits();
  const known = endings ?? (await endingsOfHead(repository, commits));
  const notes = issues === undefined ? [standInNote] : [];
  const found = new Map<string, BugReport>();
  for (const dropped of issues === undefined ? droppings : [[]]) {
    if (found.size >= limit) break;
    const sieve = new Sieve("commits");
    await collect({ repository, commits, known, limit, dropped, sieve, found, issues });
    notes.push(`${dropped.length === 0 ? "all rules" : `without the rules: ${dropped.join(", ")}`}: ${sieve.note()}`);
  }
  return { items: [...found.values()], notes };
}

const standInNote = "no issues were given: messages of commits that mend something stand in, which may name files";

const wordRule = "a word of mending in the message";
const lengthRule = `${fewestTokens} to ${mostTokens} words`;

/** Which rules are given up, in which order. */
const droppings: readonly (readonly string[])[] = [[], [lengthRule], [lengthRule, wordRule]];

interface Collecting {
  readonly repository: Repository;
  readonly commits: readonly Commit[];
  readonly known: readonly string[];
  readonly limit: number;
  readonly dropped: readonly string[];
  readonly sieve: Sieve;
  /** By commit. */
  readonly found: Map<string, BugReport>;
  readonly issues: ReadonlyMap<string, IssueText> | undefined;
}

async function collect({
  repository,
  commits,
  known,
  limit,
  dropped,
  sieve,
  found,
  issues,
}: Collecting): Promise<void> {
  const seen = new Set([...found.values()].map(keyOf));
  for (const commit of commits) {
    if (found.size >= limit) return;
    const text = issues === undefined ? ownText(commit) : issueOf(commit, issues);
    if (text === undefined || found.has(commit.hash)) continue;
    const changes = await repository.changes(commit);
    if (!sieve.passes(rules({ text, changes, known, seen, dropped, standIn: issues === undefined }))) continue;
    seen.add(keyOf(text));
    found.set(commit.hash, reportOf({ repository, commit, text, changes, known }));
  }
}

async function endingsOfHead(repository: Repository, [head]: readonly Commit[]): Promise<string[]> {
  return head === undefined ? [] : endingsIn((await repository.files(head.hash)).map(({ path }) => path));
}

function ownText({ message }: Commit): IssueText {
  const [title = "", ...body] = message.trim().split("\n");
  return { title, body: body.join("\n").trim() };
}

function issueOf({ hash }: Commit, issues: ReadonlyMap<string, IssueText>): IssueText | undefined {
  return issues.get(hash) ?? [...issues].find(([key]) => key.length >= 7 && hash.startsWith(key))?.[1];
}

const keyOf = ({ title, body }: IssueText): string => `${title}\n${body}`.trim().toLowerCase();

interface Candidate {
  readonly text: IssueText;
  readonly changes: readonly FileChange[];
  readonly known: readonly string[];
  readonly seen: ReadonlySet<string>;
  readonly standIn: boolean;
  readonly dropped: readonly string[];
}

/** The authors' own words that tie a change to a bug. */
const mends =
  /\b(fix|fixe[sd]|fixing|bug|close[sd]?|resolve[sd]?|mend(?:s|ed)?|repair(?:s|ed)?|correct(?:s|ed)?|crash(?:es)?|wrong|error)\b/i;
const media = /!\[|<img|\.(png|jpe?g|gif|mp4|mov|webm)\b/i;

function* rules({
  text,
  changes,
  known,
  seen,
  standIn,
  dropped,
}: Candidate): Generator<[string, boolean | (() => boolean)]> {
  const whole = keyOf(text);
  const source = changes.filter(({ newPath, oldPath }) => isSource(newPath ?? oldPath ?? "", known));
  const tokens = whole.split(/\s+/).filter(Boolean).length;
  if (standIn && !dropped.includes(wordRule)) yield [wordRule, mends.test(whole)];
  yield ["source files that are no tests", source.length > 0];
  yield ["source files only modified", source.every(({ changeType }) => changeType === "MODIFY")];
  yield ["English text without media", isEnglish(whole) && !media.test(whole)];
  yield dropped.includes(lengthRule)
    ? ["at least 4 words", tokens >= 4]
    : [lengthRule, tokens >= fewestTokens && tokens <= mostTokens];
  yield [`at most ${mostFiles} files`, source.length <= mostFiles];
  yield ["one text, one change", !seen.has(whole)];
  yield [
    `at most ${mostLines} changed lines`,
    () => source.reduce((lines, { diff }) => lines + changedLines(diff), 0) <= mostLines,
  ];
}

/** Nearly all letters are of the Latin alphabet without marks: the authors' language detector is not repeated. */
function isEnglish(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  return letters.length > 0 && letters.filter((letter) => /[a-z]/i.test(letter)).length >= 0.95 * letters.length;
}

interface Found {
  readonly repository: Repository;
  readonly commit: Commit;
  readonly text: IssueText;
  readonly changes: readonly FileChange[];
  readonly known: readonly string[];
}

function reportOf({ repository, commit, text, changes, known }: Found): BugReport {
  const changed = changes.flatMap(({ newPath }) => (newPath !== null && isSource(newPath, known) ? [newPath] : []));
  return {
    repository: repository.name,
    base: commit.parent,
    head: commit.hash,
    endings: known,
    ...text,
    changedFiles: changed.sort(),
  };
}
