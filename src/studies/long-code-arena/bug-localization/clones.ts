/** Files of the official items: their rows name commits, whose files lie in clones of the repositories. */
import { join } from "node:path";
import { AssayError } from "#base";
import { openLocalRepository } from "../history/local-repository.ts";
import { isSource } from "../history/source-paths.ts";
import type { Built, Making } from "../task.ts";
import type { BugItem } from "./item.ts";

/**
 * Gives every item whose repository is among the clones its files, and its truth anew.
 *
 *     truth = files of `git diff base...head`, which begins where both parted; by ending, without tests
 *
 * @throws AssayError FILES_MISSING without a folder of clones: no answer could be judged, so nothing is asked
 */
export async function withClones(items: readonly BugItem[], { settings: { clones } }: Making): Promise<Built<BugItem>> {
  if (clones === "") throw missingClones();
  const open = new Map<string, Clone | undefined>();
  const found = items.map((item) => {
    if (!open.has(item.repository)) open.set(item.repository, cloneOf(join(clones, item.repository)));
    const clone = open.get(item.repository);
    return clone === undefined ? item : filled(item, clone);
  });
  const missing = [...open].filter(([, clone]) => clone === undefined).map(([name]) => name);
  const notes = missing.map((name) => `no clone of ${name} in ${clones}: its items are left out`);
  return { items: found.filter(({ repository }) => !missing.includes(repository)), notes };
}

const missingClones = (): AssayError =>
  new AssayError(
    "FILES_MISSING",
    "bug-localization: Expected a folder of clones, got none; name one with --set clones=FOLDER, or leave the task out with --set task=",
  );

type Clone = ReturnType<typeof openLocalRepository>;

function cloneOf(folder: string): Clone | undefined {
  try {
    return openLocalRepository(folder);
  } catch (error) {
    if ((error as { code?: string }).code === "GIT_MISSING") return undefined;
    throw error;
  }
}

function filled(item: BugItem, clone: Clone): BugItem {
  return { ...item, truth: truthFrom(item, clone), files: () => clone.files(item.base) };
}

/** A clone may lack the pull request's head; then the row's own list stands. */
function truthFrom({ base, head, endings, truth }: BugItem, { git }: Clone): readonly string[] {
  try {
    const parted = git.mergeBase(base, head);
    if (parted === undefined) return truth;
    return git
      .changes(head, parted)
      .flatMap(({ before }) => (before !== undefined && isSource(before.path, endings) ? [before.path] : []));
  } catch {
    return truth;
  }
}
