/** Commits of a repository whose message can be written from their diff. */
import { diffText, languageOf } from "#evals";
import type { Commit } from "#formats/git";
import type { Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import type { CommitItem } from "./item.ts";

/** The limits of the paper, and those for small repositories. */
interface CommitLimits {
  readonly words: number;
  readonly lines: number;
  /** Characters of the diffs of code. */
  readonly diff: number;
}

const limitsOf = {
  paper: { words: 4, lines: 2, diff: 3000 },
  small: { words: 3, lines: 1, diff: 40 },
} as const satisfies Record<"paper" | "small", CommitLimits>;

/** Longer diffs than this no one reads: of generated files and vendored code. */
const longestDiff = 400_000;

/**
 * Commits that only modify files, with a message of several words that begins with a capital letter and refers to nothing
 * outside, the newest first.
 *
 * Deviation: the paper's verbs, quality classifier and people who looked at each message are not here; a message that was
 * written for others may lack what it says.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §3.4 and Appendix E
 */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<CommitItem>> {
  const limits = limitsOf[settings.limits];
  const items: CommitItem[] = [];
  for (const commit of repository.commits) {
    if (items.length === settings.items) break;
    const item = isWritten(commit.message, limits) ? itemOf(commit, repository, limits) : undefined;
    if (item !== undefined) items.push(item);
  }
  return {
    items,
    notes: [`${repository.name}: ${items.length} of ${repository.commits.length} commits have a message to write`],
  };
}

function isWritten(message: string, { words, lines }: CommitLimits): boolean {
  const text = message.trim();
  const refers = /#\d+|https?:\/\/|\b[A-Z]{2,}-\d+\b|^(Merge|Revert|Bump|Release|v?\d+\.)/.test(text);
  const bare = text.split("\n").filter((line) => !/^[\w-]+-by: /i.test(line));
  return (
    /^\p{Lu}/u.test(text) &&
    !refers &&
    text.split(/\s+/).length >= words &&
    bare.filter((line) => line.trim() !== "").length >= lines
  );
}

function itemOf(commit: Commit, repository: Repository, { diff }: CommitLimits): CommitItem | undefined {
  const changes = repository.changes(commit);
  const modifies = changes.length > 0 && changes.every(({ changeType }) => changeType === "MODIFY");
  const ofCode = changes.filter(({ newPath }) => newPath !== null && languageOf(newPath) !== undefined);
  const characters = ofCode.reduce((sum, change) => sum + change.diff.length, 0);
  if (!modifies || characters < diff || diffText(changes).length > longestDiff) return undefined;
  return { id: commit.id, repository: repository.name, message: commit.message.trim(), changes };
}
