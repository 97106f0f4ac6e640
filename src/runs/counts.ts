import type { Run } from "./run.ts";

/** How many samples of a group are answered. */
export interface GroupCount {
  readonly subject: string;
  readonly group: string;
  readonly answered: number;
}

/** Answered samples by subject and group, from the index alone: no answer is read, however large the run. */
export function groupCounts(run: Run): GroupCount[] {
  return run.store.rows<GroupCount>(
    `SELECT subject, sample_group AS "group", count(*) AS answered FROM answers WHERE run = ? GROUP BY subject, sample_group`,
    run.id,
  );
}
