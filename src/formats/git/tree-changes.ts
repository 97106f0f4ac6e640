import type { EntryKind, TreeEntry } from "./objects.ts";

/** What stands at a path of a commit. */
export interface TreeFile {
  readonly path: string;
  readonly kind: Exclude<EntryKind, "folder">;
  /** Identity of its contents; of a submodule, the commit that it stands at. */
  readonly id: string;
}

/** A file before and after; one of the two is missing where it was added or removed. */
export interface TreeChange {
  readonly changeType: "ADD" | "DELETE" | "MODIFY" | "RENAME";
  readonly before?: TreeFile;
  readonly after?: TreeFile;
}

/** Reads the lines of a tree. */
export type ReadTree = (id: string) => readonly TreeEntry[];

/** Every file below a tree, in the order of their paths' bytes as git stores them. */
export function filesOf(read: ReadTree, tree: string, folder = ""): TreeFile[] {
  return read(tree).flatMap(({ name, kind, id }) => {
    const path = folder + name;
    return kind === "folder" ? filesOf(read, id, `${path}/`) : [{ path, kind, id }];
  });
}

/**
 * What lies between two trees, sorted by path. Folders with equal identities are not entered.
 *
 * A file that went and one that came with the same bytes are a rename; git also guesses at renames with changes.
 */
export function changesBetween(read: ReadTree, before: string | undefined, after: string): TreeChange[] {
  const found: TreeChange[] = [];
  compare(read, { before, after, folder: "" }, found);
  return renamesIn(found).sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
}

const pathOf = ({ before, after }: TreeChange): string => (after ?? before)!.path;

interface Pair {
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly folder: string;
}

function compare(read: ReadTree, { before, after, folder }: Pair, found: TreeChange[]): void {
  const old = new Map((before === undefined ? [] : read(before)).map((entry) => [entry.name, entry]));
  const young = new Map((after === undefined ? [] : read(after)).map((entry) => [entry.name, entry]));
  for (const name of new Set([...old.keys(), ...young.keys()])) {
    compareEntries(read, { old: old.get(name), young: young.get(name), path: folder + name }, found);
  }
}

interface Entries {
  readonly old: TreeEntry | undefined;
  readonly young: TreeEntry | undefined;
  readonly path: string;
}

function compareEntries(read: ReadTree, { old, young, path }: Entries, found: TreeChange[]): void {
  if (old?.id === young?.id && old?.kind === young?.kind) return;
  const folders = { before: treeOf(old), after: treeOf(young), folder: `${path}/` };
  if (folders.before !== undefined || folders.after !== undefined) compare(read, folders, found);
  const before = fileOf(old, path);
  const after = fileOf(young, path);
  if (before !== undefined && after !== undefined) found.push({ changeType: "MODIFY", before, after });
  else if (after !== undefined) found.push({ changeType: "ADD", after });
  else if (before !== undefined) found.push({ changeType: "DELETE", before });
}

const treeOf = (entry: TreeEntry | undefined): string | undefined => (entry?.kind === "folder" ? entry.id : undefined);

function fileOf(entry: TreeEntry | undefined, path: string): TreeFile | undefined {
  if (entry === undefined || entry.kind === "folder") return undefined;
  return { path, kind: entry.kind, id: entry.id };
}

function renamesIn(changes: readonly TreeChange[]): TreeChange[] {
  const gone = Map.groupBy(
    changes.filter(({ changeType }) => changeType === "DELETE"),
    ({ before }) => before!.id,
  );
  const renamed = new Set<TreeChange>();
  const joined = changes.map((change) => {
    const [old] = change.changeType === "ADD" ? (gone.get(change.after!.id)?.splice(0, 1) ?? []) : [];
    if (old === undefined) return change;
    renamed.add(old);
    return { changeType: "RENAME", before: old.before!, after: change.after! } as const;
  });
  return joined.filter((change) => !renamed.has(change));
}
