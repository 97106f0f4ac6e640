/** Outcomes of CI builds: the authors' job files, one repaired build a line. */
import { type JobOutcome, type JobResult, passRates, passSignature } from "#evals/metrics";
import type { AnswerFile, ScoredFile } from "../../module.ts";
import { type AnswerLine, readLines } from "./lines.ts";

/**
 * pass@1 over all jobs and over finished ones, in all and by difficulty, with the counts.
 *
 * A line without a conclusion is a job that waits for its result, or an invalid one where the file's name says so.
 */
export async function scoreJobs(file: AnswerFile): Promise<ScoredFile> {
  const without: JobOutcome = /invalid/i.test(file.name) ? "invalid" : "waiting";
  const jobs = readLines(file).map((line) => jobOf(line, without));
  const { byDifficulty, ...all } = passRates(jobs);
  const rows = [
    { name: "", ...all },
    ...byDifficulty.map((one) => ({ name: `difficulty ${one.difficulty} `, ...one })),
  ];
  const metrics = rows.flatMap(({ name, counts, ofAll, ofFinished, n }) => [
    [`${name}passRate`, { value: 100 * (ofAll ?? 0), n }] as const,
    ...(ofFinished === null
      ? []
      : [[`${name}passRateOfFinished`, { value: 100 * ofFinished, n: counts.success + counts.failure }] as const]),
    ...Object.entries(counts).map(([outcome, count]) => [`${name}${outcome}`, { value: count, n }] as const),
  ]);
  return {
    signature: passSignature,
    metrics: Object.fromEntries(metrics),
    empty: 0,
    perSample: jobs.map(({ id, difficulty, outcome }) => ({ id, difficulty, outcome })),
  };
}

function jobOf(line: AnswerLine, without: JobOutcome): JobResult {
  const conclusion = line.has("conclusion") ? line.required("conclusion") : without;
  const known = ["success", "failure", "waiting", "invalid"] as const;
  const outcome = known.find((one) => one === conclusion) ?? "invalid";
  return { id: line.number("id"), difficulty: line.number("difficulty"), outcome };
}
