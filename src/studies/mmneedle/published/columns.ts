import type { PublishedColumn, PublishedTable } from "#base";
import { paperComparability } from "../comparability.ts";
import type { Configuration } from "../configurations.ts";
import type { Metric } from "../measures.ts";
import type { Split } from "../needles.ts";

/** A paper's column before it knows what it was measured on. */
export interface ColumnPlan {
  readonly configuration: Configuration;
  readonly split: Split;
  readonly metrics: readonly Metric[];
}

const labels: Partial<Readonly<Record<Metric, string>>> = {
  existence: "Exist",
  index: "Index",
  exact: "Exact",
  allIndex: "Index, each",
  allExact: "Exact, each",
};

/** `M=10 N=2 Exact`, one column for each metric. */
export function columnsOf({ configuration, split, metrics }: ColumnPlan): PublishedColumn[] {
  const { pictures, side } = configuration;
  return metrics.map((metric) => ({
    label: `M=${pictures} N=${side} ${labels[metric]}`,
    metric,
    setting: { ...configuration, split },
    requires: paperComparability(configuration, split),
  }));
}

/**
 * A row of the paper from its text: cells apart by `|`, the metrics of a cell by `/`, `–` for what it does not print.
 *
 * @example rowOf("GPT-4o: 99.00/99.00/94.60 | 99.50/99.50/83.00")
 */
export function rowOf(text: string): PublishedTable["rows"][number] {
  const [subject, cells] = text.split(": ") as [string, string];
  return { subject, cells: cells.split(/[|/]/).map((cell) => (cell.trim() === "–" ? null : Number(cell))) };
}
