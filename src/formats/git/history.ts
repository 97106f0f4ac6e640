import { AssayError } from "#base";
import type { Commit } from "./objects.ts";

/** Which part of a history is read. */
export interface HistoryOptions {
  /** Where it begins: HEAD when left out. */
  readonly from?: string;
  /** Follow the first parent only: one commit for each merge. */
  readonly firstParent?: boolean;
}

/** Commits, the youngest first. */
export type History = Generator<Commit, void, void>;

/** Commits in the order of their committers' dates, as `git log` gives them; equal dates in the order of discovery. */
export function* history(
  start: string,
  { firstParent = false, commit }: HistoryOptions & { readonly commit: (id: string) => Commit },
): History {
  const waiting = [commit(start)];
  const seen = new Set([start]);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    yield next;
    for (const id of firstParent ? next.parents.slice(0, 1) : next.parents) {
      if (seen.has(id)) continue;
      seen.add(id);
      insertByDate(waiting, parentOf(next, id, commit));
    }
  }
}

function parentOf(child: Commit, id: string, commit: (id: string) => Commit): Commit {
  try {
    return commit(id);
  } catch (cause) {
    const what = `git: Found no parent ${id} of commit ${child.id}; the clone is damaged or was cut`;
    throw new AssayError("GIT_OBJECT_MISSING", `${what}, fetch the rest of its history`, { cause });
  }
}

/** Puts a commit behind those that are younger or as old. */
export function insertByDate(waiting: Commit[], commit: Commit): void {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (waiting[middle]!.committer.seconds >= commit.committer.seconds) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, commit);
}
