import type { Report, ReportedRun, ReportedVerdict } from "#report";
import { type Run, type Study, summaryOf } from "#runs";

/** What every report begins with: the paper and its question, the run, and the verdicts on the paper's claims. */
export function reportOpening(
  run: Run,
  { paper, question, claims }: Pick<Study, "paper" | "question" | "claims">,
): Pick<Report, "paper" | "question" | "run" | "verdicts"> {
  return { paper, question, run: reportedRun(run), verdicts: reportedVerdicts(run, claims) };
}

/** Each subject's kind, by its name. */
export const subjectKinds = (run: Run): Record<string, string> =>
  Object.fromEntries(run.manifest.subjects.map(({ name, kind }) => [name, kind]));

/** The run behind a report: what identifies it. */
function reportedRun(run: Run): ReportedRun {
  const { subjects, settings, preset, seed, data, code } = run.manifest;
  const { createdAt, resultHash } = summaryOf(run.store, run.id);
  return { id: run.id, createdAt, preset, seed, resultHash, subjects, settings, hashes: { data, code } };
}

/** The run's verdicts, each with what its claim says and where it stands. */
function reportedVerdicts(run: Run, claims: Study["claims"]): ReportedVerdict[] {
  return run.verdicts().flatMap((verdict) => {
    const claim = claims.find(({ id }) => id === verdict.claim);
    if (claim === undefined) return [];
    const { statement, place, certainty } = claim;
    return [{ ...verdict, statement, place, certainty }];
  });
}
