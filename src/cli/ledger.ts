import type { Claim, Verdict } from "#base";
import { listRuns, openRun, type Store } from "#runs";
import { loadStudy, studyIds } from "#studies";
import type { Desk } from "./desk.ts";
import { existingStore } from "./existing-store.ts";

/** A verdict with the run it comes from. */
export interface LedgerVerdict extends Verdict {
  readonly run: string;
  readonly preset: string;
}

/** A claim with the latest verdict on it for every subject that was examined. */
export interface LedgerEntry extends Omit<Claim, "judge"> {
  readonly study: string;
  readonly verdicts: readonly LedgerVerdict[];
}

/** The ledger of one study, or of all; worth reading before anything was run. */
export async function readLedger(study: string | undefined, desk: Desk): Promise<LedgerEntry[]> {
  const modules = await Promise.all((study === undefined ? studyIds : [study]).map(loadStudy));
  using store = existingStore(desk);
  return modules.flatMap(({ study: { id, claims } }) => {
    const verdicts = store === undefined ? [] : latestVerdicts(store, id);
    return claims.map(({ judge, ...claim }) => ({
      ...claim,
      study: id,
      verdicts: verdicts.filter((verdict) => verdict.claim === claim.id),
    }));
  });
}

/** The newest finished run speaks for each claim, subject and preset: a miniature never hides the paper's own scale. */
export function latestVerdicts(store: Store, study: string): LedgerVerdict[] {
  const latest = new Map<string, LedgerVerdict>();
  const finished = listRuns(store).filter((run) => run.study === study && run.status === "finished");
  for (const { id, preset } of finished) {
    for (const verdict of openRun(store, id).verdicts()) {
      const key = JSON.stringify([verdict.claim, verdict.subject ?? null, preset]);
      if (!latest.has(key)) latest.set(key, { ...verdict, run: id, preset });
    }
  }
  return [...latest.values()];
}
