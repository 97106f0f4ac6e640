/**
 * Commit messages from a repository's own history: a change and what its author wrote about it.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.4 and Appendix E
 */
import type { FileChange } from "#evals";
import type { Commit, Repository } from "../repository.ts";
import { Sieve } from "./sieve.ts";
import { endingsIn, endsLike } from "./source-paths.ts";

/** One commit whose message is to be written. */
export interface MessageItem {
  readonly repository: string;
  readonly hash: string;
  readonly date: string;
  readonly message: string;
  readonly changes: readonly FileChange[];
}

/** How messages are chosen. */
export interface MessagesOptions {
  readonly limit: number;
}

/** Fewest characters of the diffs of source files. */
const shortestDiff = 3000;

/**
 * Commits whose messages the paper's rules accept, the newest first.
 *
 * Where a repository has fewer of them than asked, rules about length are dropped one after the other, and the notes say so:
 * a young history seldom has long messages about long changes.
 */
export async function messages(
  repository: Repository,
  { limit }: MessagesOptions,
): Promise<{ items: MessageItem[]; notes: string[] }> {
  const commits = await repository.commits();
  const [head] = commits;
  const endings = head === undefined ? [] : endingsIn((await repository.files(head.hash)).map(({ path }) => path));
  const found: Map<string, MessageItem> = new Map();
  const notes: string[] = [];
  for (const dropped of droppings) {
    if (found.size >= limit) break;
    const sieve = new Sieve("commits");
    for (const commit of commits) {
      if (found.size >= limit) break;
      if (found.has(commit.hash)) continue;
      const changes = await repository.changes(commit);
      if (!sieve.passes(rules({ commit, changes, endings, dropped }))) continue;
      found.set(commit.hash, {
        repository: repository.name,
        hash: commit.hash,
        date: commit.date,
        message: commit.message.trim(),
        changes,
      });
    }
    const without = dropped.length === 0 ? "all rules" : `without the rules: ${dropped.join(", ")}`;
    notes.push(`${without}: ${sieve.note()}`);
  }
  return { items: [...found.values()], notes };
}

const rule = {
  diff: `diffs of at least ${shortestDiff} characters`,
  lines: "at least 2 lines",
  modified: "only modified files",
  verb: "a known verb first",
} as const;

/** Which rules are given up, in which order. */
const droppings: readonly (readonly string[])[] = [
  [],
  [rule.diff],
  [rule.diff, rule.lines],
  [rule.diff, rule.lines, rule.modified],
  [rule.diff, rule.lines, rule.modified, rule.verb],
];

interface Candidate {
  readonly commit: Commit;
  readonly changes: readonly FileChange[];
  readonly endings: readonly string[];
  readonly dropped: readonly string[];
}

/** Numbers of issues, addresses, hashes of commits: nobody can guess them. */
const reference = /(^|\W)#\d+|https?:\/\/|\bGH-\d+|\b[A-Z]{2,}-\d+\b|\b[0-9a-f]{7,40}\b(?<=\d\w*)|\S+@\S+\.\w+/;
const byMachine = /^(merge|revert|bump|release|version)\b|\[bot\]|dependabot|co-authored-by: .*\[bot\]/i;

function* rules({ commit, changes, endings, dropped }: Candidate): Generator<[string, boolean | (() => boolean)]> {
  const message = commit.message.trim();
  const [first = ""] = message.split(/\s+/);
  yield ["an upper-case letter first", /^\p{Lu}/u.test(message)];
  yield ["not written by a machine", !byMachine.test(message)];
  if (!dropped.includes(rule.verb)) yield [rule.verb, verbs.has(stemOf(first.toLowerCase()))];
  yield ["at least 4 words", message.split(/\s+/).length >= 4];
  if (!dropped.includes(rule.lines))
    yield [rule.lines, message.split("\n").filter((line) => line.trim() !== "").length >= 2];
  yield ["no references", !reference.test(message)];
  const source = changes.filter(({ newPath, oldPath }) => endsLike(newPath ?? oldPath ?? "", endings));
  yield ["a source file", source.length > 0];
  if (!dropped.includes(rule.modified))
    yield [rule.modified, changes.every(({ changeType }) => changeType === "MODIFY")];
  if (!dropped.includes(rule.diff)) {
    yield [rule.diff, () => source.reduce((length, { diff }) => length + diff.length, 0) >= shortestDiff];
  }
}

/** Verbs that begin messages; the authors' list is not published with its words. */
const verbs = new Set(
  `accept add adjust adopt align allow apply avoid break build bring cache call catch change check clarify clean close
  collect compare complete compute convert copy correct cover create cut decide declare decode define delay delete deny
  deprecate describe detect disable document draw drop emit enable enforce ensure expand explain export expose extend
  extract fail fetch fill find fix follow format forbid generate give group guard handle hide hold ignore implement
  import improve include increase initialize inline insert install introduce join keep let limit list load lock log
  lower make mark match measure mend merge migrate move name normalize note omit open optimize order pass pin port
  prefer prepare prevent print propagate protect provide publish put raise read rebuild record reduce refactor refuse
  register reject release remove rename reorganize repair replace report require reset resolve restore restructure
  return reuse revert rewrite round run save say score send separate serve set share shorten show silence simplify skip
  sort specify speed split start state stop store strip support switch take teach tell test tidy tighten track treat
  trim try turn unify update upgrade use validate verify wait warn wrap write`.split(/\s+/),
);

/** `Adds`, `added` and `adding` are `add`. */
function stemOf(word: string): string {
  const bare = word.replace(/[^a-z]/g, "");
  const forms = [
    bare,
    bare.replace(/s$/, ""),
    bare.replace(/e[sd]$/, ""),
    bare.replace(/ed$|ing$/, ""),
    bare.replace(/(e[sd]|ing)$/, "e"),
    bare.replace(/(.)\1(ed|ing)$/, "$1"),
    bare.replace(/ies$|ied$/, "y"),
  ];
  return forms.find((form) => verbs.has(form)) ?? bare;
}
