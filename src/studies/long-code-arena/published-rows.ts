import type { PublishedColumn, PublishedTable } from "#base";
import { type Compared, paperComparability } from "./comparability.ts";

/** A column of the paper, before it knows what it was measured on. */
export interface ColumnPlan {
  readonly label: string;
  readonly metric: string;
  readonly variant: string;
  readonly setting?: PublishedColumn["setting"];
  /** Where the metric's own signature decides, and not the task's. */
  readonly scorer?: string;
}

/** Columns with what a row of ours must share to stand in them. */
export const columnsOf = (task: Compared, plans: readonly ColumnPlan[]): PublishedColumn[] =>
  plans.map(({ label, metric, variant, scorer, setting = {} }) => ({
    label,
    metric,
    setting: { task: task.id, variant, ...setting },
    requires: { ...paperComparability(task, variant), ...(scorer !== undefined && { scorer }) },
  }));

/**
 * A row of the paper from its text: cells apart by spaces, `–` for what it does not print.
 *
 * @example rowOf("GPT-4: 45.62 52.59 56.22 57.33")
 */
export function rowOf(text: string): PublishedTable["rows"][number] {
  const at = text.lastIndexOf(": ");
  const cells = text.slice(at + 2).split(" ");
  return { subject: text.slice(0, at), cells: cells.map((cell) => (cell === "–" ? null : Number(cell))) };
}
