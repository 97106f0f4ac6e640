import type { MeasuredRecord, Subject, Verdict } from "#base";
import type { Run } from "./run.ts";
import { type SettingsTable, thawSettings } from "./settings.ts";
import type { Lab, Study } from "./study.ts";

/** Who is examined, how they are asked, and what stops it. */
export interface ConductOptions {
  readonly subjects: readonly Subject[];
  readonly signal: AbortSignal;
  readonly ask: Lab<unknown>["ask"];
}

/**
 * Conducts a study from its first uncommitted unit of work to its verdicts.
 *
 * @returns the run's result hash
 */
export async function conduct<Table extends SettingsTable>(
  study: Study<Table>,
  run: Run,
  { subjects, signal, ask }: ConductOptions,
): Promise<string> {
  const { settings, limit } = run.manifest;
  run.clearRecords();
  await study.conduct({
    settings: thawSettings(study.settings, settings),
    subjects,
    run,
    signal,
    ask,
    ...(limit !== null && { limit }),
  });
  // What papers claim is about models that answer; a retrieval baseline is beside them, not among them.
  const beside = new Set(subjects.filter(({ kind }) => kind === "retrieval").map(({ name }) => name));
  return run.finish(
    judge(
      study,
      run.records().filter(({ subject }) => !beside.has(subject)),
    ),
  );
}

/** The verdict on every claim of a study; one that the records say nothing about is not testable here. */
export function judge(study: Pick<Study, "claims">, records: readonly MeasuredRecord[]): Verdict[] {
  return study.claims.flatMap((claim) => {
    const verdicts = claim.judge(records);
    if (verdicts.length > 0) return verdicts;
    const evidence = "The run measured nothing that this claim is about";
    return [{ claim: claim.id, status: "not testable here", evidence, missing: claim.needs } satisfies Verdict];
  });
}
