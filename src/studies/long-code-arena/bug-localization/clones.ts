/** Files of the official items: their rows name commits, whose files lie in clones of the repositories. */
import { join } from "node:path";
import type { RepositoryFile } from "#evals";
import { openRepository, type Repository, snapshotOf } from "#formats/git";
import type { Built, Making } from "../task.ts";
import { type BugItem, isCandidate } from "./item.ts";

/**
 * Gives every item whose repository is among the clones its files, and its truth anew.
 *
 *     truth = files that differ between base and head, by ending, without tests
 *
 * Items without a clone keep what their row says; asking for their files is an error that names the clone.
 *
 * Deviation: `git diff base...head` begins at the commit where both parted; for a pull request that is its base.
 */
export async function withClones(items: readonly BugItem[], { settings: { clones } }: Making): Promise<Built<BugItem>> {
  if (clones === "") return { items, notes: ["no clones: --set clones=FOLDER lets files be listed and ranked"] };
  const open = new Map<string, Repository | undefined>();
  const found = items.map((item) => {
    if (!open.has(item.repository)) open.set(item.repository, cloneOf(join(clones, item.repository)));
    const clone = open.get(item.repository);
    return clone === undefined ? item : filled(item, clone);
  });
  const missing = [...open].filter(([, clone]) => clone === undefined).map(([name]) => name);
  const notes = missing.map((name) => `no clone of ${name} in ${clones}: its items are left out`);
  return { items: found.filter(({ repository }) => !missing.includes(repository)), notes };
}

function cloneOf(folder: string): Repository | undefined {
  try {
    return openRepository(folder);
  } catch (error) {
    if ((error as { code?: string }).code === "GIT_MISSING") return undefined;
    throw error;
  }
}

function filled(item: BugItem, clone: Repository): BugItem {
  const { base, head, ending } = item;
  const files = (): readonly RepositoryFile[] =>
    snapshotOf(clone, base).filter(({ path }) => isCandidate(path, ending));
  return { ...item, truth: truthFrom(item, clone, head), files };
}

/** A clone may lack the pull request's head; then the row's own list stands. */
function truthFrom({ base, ending, truth }: BugItem, clone: Repository, head: string): readonly string[] {
  try {
    return clone
      .changes(head, base)
      .flatMap(({ before }) => (before !== undefined && isCandidate(before.path, ending) ? [before.path] : []));
  } catch {
    return truth;
  }
}
