import type { Claim } from "#base";
import type { ReportedRun, ReportedVerdict } from "#report";
import { type Run, summaryOf } from "#runs";

/** The run behind a report: what identifies it. */
export function reportedRun(run: Run): ReportedRun {
  const { subjects, settings, preset, seed, data, code } = run.manifest;
  const { createdAt, resultHash } = summaryOf(run.store, run.id);
  return { id: run.id, createdAt, preset, seed, resultHash, subjects, settings, hashes: { data, code } };
}

/** The run's verdicts, each with what its claim says and where it stands. */
export function reportedVerdicts(run: Run, claims: readonly Claim[]): ReportedVerdict[] {
  return run.verdicts().flatMap((verdict) => {
    const claim = claims.find(({ id }) => id === verdict.claim);
    if (claim === undefined) return [];
    const { statement, place, certainty } = claim;
    return [{ ...verdict, statement, place, certainty }];
  });
}
