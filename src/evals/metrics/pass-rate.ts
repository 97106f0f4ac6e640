/** How a job ended. `waiting` has no result yet, `invalid` never will. */
export type JobOutcome = "success" | "failure" | "waiting" | "invalid";

/** One repaired build that was run. */
export interface JobResult {
  readonly id: string | number;
  readonly difficulty: number;
  readonly outcome: JobOutcome;
}

/** Outcomes of some jobs, and the share of successes by two denominators. */
export interface PassRate {
  readonly counts: Readonly<Record<JobOutcome, number>>;
  /** pass@1: success / all; what did not finish counts as failed. Null without jobs. */
  readonly ofAll: number | null;
  /** success / (success + failure), as the authors' file of results gives it. Null when none finished. */
  readonly ofFinished: number | null;
  readonly n: number;
}

/** Pass rates of all jobs and of each difficulty, the easiest first. */
export interface PassRates extends PassRate {
  readonly byDifficulty: readonly (PassRate & { readonly difficulty: number })[];
}

/** Names the variant of `passRates`. */
export const passSignature = "pass@1|denominator:all-jobs|attempts:1|scale:1|assay:1";

/**
 * pass@1 of repaired builds, over all jobs and by difficulty.
 *
 *     ofAll = success / n     ofFinished = success / (success + failure)
 *
 * The paper divides by every datapoint. The authors' own per-difficulty ratios leave out waiting and invalid jobs.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, CI builds repair
 */
export function passRates(jobs: readonly JobResult[]): PassRates {
  const groups = [...Map.groupBy(jobs, ({ difficulty }) => difficulty)].sort(([a], [b]) => a - b);
  const byDifficulty = groups.map(([difficulty, members]) => ({ difficulty, ...passRate(members) }));
  return { ...passRate(jobs), byDifficulty };
}

function passRate(jobs: readonly JobResult[]): PassRate {
  const counts: Record<JobOutcome, number> = { success: 0, failure: 0, waiting: 0, invalid: 0 };
  for (const { outcome } of jobs) counts[outcome]++;
  const finished = counts.success + counts.failure;
  return {
    counts,
    ofAll: jobs.length === 0 ? null : counts.success / jobs.length,
    ofFinished: finished === 0 ? null : counts.success / finished,
    n: jobs.length,
  };
}

/**
 * The unbiased estimate of the chance that one of k attempts passes, from n attempts of which c passed.
 *
 *     pass@k = 1 − C(n − c, k) / C(n, k)
 *
 * Source   Chen et al. 2021, Evaluating Large Language Models Trained on Code, §2.1 (arXiv:2107.03374)
 */
export function passAtK({ attempts, passed, k }: { attempts: number; passed: number; k: number }): number {
  if (attempts - passed < k) return 1;
  let failing = 1;
  for (let at = attempts - passed + 1; at <= attempts; at++) failing *= 1 - k / at;
  return 1 - failing;
}
