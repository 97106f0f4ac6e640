/** A repository as tasks see it: its lines of history, changes as text, and files as they were. */
import { basename } from "node:path";
import { hashOf } from "#base";
import type { FileChange, RepositoryFile } from "#evals";
import {
  type Commit,
  folderSnapshot,
  type Repository as GitRepository,
  openRepository,
  type SnapshotFile,
  snapshotOf,
  type TreeChange,
} from "#formats/git";

/** A repository whose history can be read; without one, its files alone. */
export interface Repository {
  /** `owner__name`, or the folder's name. */
  readonly name: string;
  /** What decides its items. */
  readonly identity: string;
  /** What is not there: history, submodules, files that are no text. */
  readonly notes: readonly string[];
  /** Commits that are no merges and have a parent here, the newest first; none where there is no history. */
  readonly commits: readonly Commit[];
  /** What a commit does to each file, diffs included. */
  changes(commit: Commit): FileChange[];
  /** Every file of a commit, in the order of their paths; null where it is no text or too large. */
  files(hash: string): RepositoryFile[];
  /** Every file as it is now. */
  now(): RepositoryFile[];
}

/** Histories longer than this are read from their newest end. */
const mostCommits = 20_000;

/** Opens a folder: a git repository, a shallow clone, or files without any history. @throws AssayError FILE_MISSING, GIT_UNSUPPORTED */
export function readRepository(folder: string): Repository {
  try {
    return withHistory(openRepository(folder));
  } catch (error) {
    if ((error as { code?: string }).code !== "GIT_MISSING") throw error;
    return withoutHistory(folder, (error as Error).message);
  }
}

function withoutHistory(folder: string, reason: string): Repository {
  const files = folderSnapshot(folder);
  return {
    name: basename(folder),
    identity: hashOf(files.map(({ path, content }) => [path, content])),
    notes: [`${basename(folder)}: ${reason}`, ...withoutText(basename(folder), files)],
    commits: [],
    changes: () => [],
    files: () => files,
    now: () => files,
  };
}

function withHistory(repository: GitRepository): Repository {
  const head = repository.resolve();
  const { commits, ended } = read(repository);
  const snapshots = new Map<string, SnapshotFile[]>();
  const files = (hash: string) => {
    const known = snapshots.get(hash) ?? snapshotOf(repository, hash);
    // The last one only: a snapshot of a large repository takes hundreds of megabytes.
    if (!snapshots.has(hash)) snapshots.clear();
    snapshots.set(hash, known);
    return known;
  };
  return {
    name: repository.name,
    identity: head,
    notes: [...ended, ...withoutText(repository.name, files(head))],
    commits,
    changes: ({ id }) => repository.changes(id).map((change) => changeOf(repository, change)),
    files,
    now: () => files(head),
  };
}

function read(repository: GitRepository): { commits: Commit[]; ended: string[] } {
  const commits: Commit[] = [];
  const { name, shallow } = repository;
  let seen = 0;
  try {
    for (const commit of repository.history()) {
      if (++seen > mostCommits) return { commits, ended: [`${name}: only the newest ${mostCommits} commits are read`] };
      if (commit.parents.length === 1) commits.push(commit);
    }
  } catch (error) {
    // What a damaged or partial clone still has can be used.
    return { commits, ended: [`${name}: the history ends early, ${(error as Error).message}`] };
  }
  if (shallow.size === 0) return { commits, ended: [] };
  return {
    commits,
    ended: [
      `${name}: a shallow clone, its history is cut at ${shallow.size} commits (git fetch --unshallow brings the rest)`,
    ],
  };
}

/** How many files are no text, by reason. */
function withoutText(name: string, files: readonly SnapshotFile[]): string[] {
  const reasons = Map.groupBy(
    files.filter(({ content }) => content === null),
    ({ reason = "no text" }) => reason.replace(/^\d+ bytes, /, ""),
  );
  return [...reasons].map(
    ([reason, found]) => `${name}: ${found.length} without text (${reason}), ${found[0]!.path} the first`,
  );
}

function changeOf(repository: GitRepository, change: TreeChange): FileChange {
  const { changeType, before, after } = change;
  const { diff } = repository.diff(change);
  return { changeType, oldPath: before?.path ?? null, newPath: after?.path ?? null, diff };
}
