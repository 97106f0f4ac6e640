import { AssayError, type MeasuredRecord, type Subject, type Verdict } from "#base";
import type { Run } from "./run.ts";
import { resumableSettings, type SettingsTable } from "./settings.ts";
import type { Lab, Study } from "./study.ts";

/** Who is examined, how they are asked, and what stops it. */
export interface ConductOptions {
  readonly subjects: readonly Subject[];
  readonly signal: AbortSignal;
  readonly ask: Lab<unknown>["ask"];
  /** Left out, a study finds no subject but those it examines. */
  readonly resolve?: Lab<unknown>["resolve"];
}

const nobody = async (name: string): Promise<never> => {
  throw new AssayError("SUBJECT_UNAVAILABLE", `runs: Expected nobody but the subjects examined, got "${name}"`);
};

/**
 * Conducts a study from its first uncommitted unit of work to its verdicts.
 *
 * @returns the run's result hash
 */
export async function conduct<Table extends SettingsTable>(
  study: Study<Table>,
  run: Run,
  { subjects, signal, ask, resolve = nobody }: ConductOptions,
): Promise<string> {
  const { settings, limit } = run.manifest;
  run.clearRecords();
  await study.conduct({
    settings: resumableSettings(study.settings, settings),
    subjects,
    run,
    signal,
    ask,
    resolve,
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
