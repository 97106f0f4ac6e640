import { AssayError, suggestion, UsageError } from "#base";
import { identityOf, type Manifest } from "./manifest.ts";
import { Run, type RunEvent } from "./run.ts";
import { parsed, type RunStatus, type Store, type StoredRun } from "./store/store.ts";

/** A run as lists show it. */
export interface RunSummary {
  readonly id: string;
  readonly study: string;
  readonly status: RunStatus | "interrupted";
  readonly subjects: readonly string[];
  readonly preset: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly resultHash: string | null;
  readonly note: string | null;
}

/** Creates a run for this process. Its id is the study and the first letters of its identity, numbered when it is repeated. */
export function createRun(
  store: Store,
  manifest: Manifest,
  { onEvent }: { onEvent?: (event: RunEvent) => void } = {},
): Run {
  const identity = identityOf(manifest);
  return store.transaction(() => {
    const earlier = store.row<{ count: number }>(
      "SELECT count(*) AS count FROM runs WHERE identity = ?",
      identity,
    )!.count;
    const id = `${manifest.study}-${identity.slice(0, 8)}${earlier === 0 ? "" : `-${earlier + 1}`}`;
    store.write(
      "INSERT INTO runs VALUES (?, ?, ?, ?, 'running', ?, NULL, NULL, ?, NULL)",
      ...[id, manifest.study, identity, JSON.stringify(manifest), new Date().toISOString(), process.pid],
    );
    return new Run(store, { id, manifest, ...(onEvent && { onEvent }) });
  });
}

export interface TakeUpOptions {
  readonly onEvent?: (event: RunEvent) => void;
  /** Take the run although a process of the recorded number lives: the number may have been given to another one. */
  readonly force?: boolean;
}

/**
 * Takes up a run that was interrupted, with its frozen manifest.
 *
 * @throws AssayError RUN_BUSY when another living process works on it, RUN_FINISHED when there is nothing to resume,
 *   RUN_REFUSED when its settings can never succeed
 */
export function takeUpRun(store: Store, id: string, { onEvent, force = false }: TakeUpOptions = {}): Run {
  return store.transaction(() => {
    const row = findRun(store, id);
    if (row.status === "finished")
      throw new AssayError(
        "RUN_FINISHED",
        `runs: Expected an interrupted run, ${row.id} is finished; see it with: assay show ${row.id}`,
      );
    if (row.status === "refused") {
      throw new AssayError(
        "RUN_REFUSED",
        `runs: Expected a run that can go on, ${row.id} was refused: "${row.note}"; start a new run with other settings`,
      );
    }
    if (row.status === "running" && isAlive(row.process) && !force) {
      throw new AssayError(
        "RUN_BUSY",
        `runs: Process ${row.process} is working on ${row.id}; wait for it or stop it first, or add --force if that process is something else`,
      );
    }
    store.write("UPDATE runs SET status = 'running', process = ?, note = NULL WHERE id = ?", process.pid, row.id);
    return new Run(store, { id: row.id, manifest: parsed<Manifest>(row.manifest), ...(onEvent && { onEvent }) });
  });
}

/** Opens a run for looking at it. */
export function openRun(store: Store, id: string): Run {
  const row = findRun(store, id);
  return new Run(store, { id: row.id, manifest: parsed<Manifest>(row.manifest) });
}

/** All runs, newest first. */
export function listRuns(store: Store): RunSummary[] {
  return store.rows<StoredRun>("SELECT * FROM runs ORDER BY created_at DESC, id").map(summarize);
}

/** One run's line. */
export function summaryOf(store: Store, id: string): RunSummary {
  return summarize(findRun(store, id));
}

function summarize(row: StoredRun): RunSummary {
  const manifest = parsed<Manifest>(row.manifest);
  return {
    id: row.id,
    study: row.study,
    // A process that was killed could not say so: its run still reads "running" while nobody works on it.
    status: row.status === "running" && !isAlive(row.process) ? "interrupted" : row.status,
    subjects: manifest.subjects.map((subject) => subject.name),
    preset: manifest.preset,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
    resultHash: row.result_hash,
    note: row.note,
  };
}

/** Finds a run by its id or by a beginning that only one run has; `latest` is the newest. */
function findRun(store: Store, id: string): StoredRun {
  const exact = store.row<StoredRun>("SELECT * FROM runs WHERE id = ?", id);
  if (exact !== undefined) return exact;
  if (id === "latest") {
    const newest = store.row<StoredRun>("SELECT * FROM runs ORDER BY created_at DESC, id LIMIT 1");
    if (newest !== undefined) return newest;
  }
  const matches = store.rows<StoredRun>("SELECT * FROM runs WHERE substr(id, 1, ?) = ? ORDER BY id", id.length, id);
  if (matches.length === 1) return matches[0]!;
  if (matches.length > 1) {
    throw new UsageError(
      "RUN_AMBIGUOUS",
      `runs: Expected one run, "${id}" begins ${matches.map((row) => row.id).join(", ")}`,
    );
  }
  const known = store
    .rows<{ id: string }>("SELECT id FROM runs ORDER BY created_at DESC LIMIT 200")
    .map((row) => row.id);
  const hint = known.length === 0 ? "; there are none yet" : suggestion(id, known.slice(0, 12));
  throw new UsageError("UNKNOWN_RUN", `runs: Expected a run of this store, got "${id}"${hint}`);
}

function isAlive(pid: number | null): boolean {
  if (pid === null || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
