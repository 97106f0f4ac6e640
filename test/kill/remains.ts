import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listRuns, openRun, type Run, Store } from "#runs";

/** What a killed process left in its store. */
export interface Remains {
  /** The run's id, once there is one. */
  readonly run: string | undefined;
  /** The requests whose answers are committed: the server's answer is "answer <key>". */
  readonly committed: readonly string[];
  readonly records: number;
  readonly hash: string | null;
}

/**
 * Looks at a copy of the store with its log, so that the next process finds everything as the kill left it and does its
 * own recovery. Opening the copy checks its pages.
 */
export function remainsOf(home: string): Remains {
  const nothing = { run: undefined, committed: [], records: 0, hash: null };
  if (!existsSync(join(home, "store.sqlite"))) return nothing;
  const copy = mkdtempSync(join(tmpdir(), "assay-remains-"));
  for (const name of ["store.sqlite", "store.sqlite-wal"]) {
    if (existsSync(join(home, name))) copyFileSync(join(home, name), join(copy, name));
  }
  try {
    using store = new Store(copy);
    const [summary] = listRuns(store);
    return summary === undefined ? nothing : described(openRun(store, summary.id), summary.resultHash);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

const described = (run: Run, hash: string | null): Remains => ({
  run: run.id,
  committed: [...run.answers()].map(({ text }) => text?.split(" ")[1] ?? ""),
  records: run.records().length,
  hash,
});
