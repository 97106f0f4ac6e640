import { type ChartValue, dotPlot, type Figure, groupLink } from "#report";
import { lineClasses } from "../history/line-classes.ts";
import type { Showing } from "../task.ts";

/** Exact match by class of line: one row a class, one mark for each subject and context. Controls are left out. */
export async function classFigures({ records, run }: Showing): Promise<Figure[]> {
  const models = run.manifest.subjects.filter(({ kind }) => kind !== "control").map(({ name }) => name);
  const own = records.filter(
    ({ subject, metric, setting }) =>
      models.includes(subject) &&
      metric === "exactLines" &&
      setting.task === "code-completion" &&
      setting.size === "every",
  );
  const values = [...lineClasses, "all"].flatMap((lineClass): ChartValue[] =>
    own
      .filter(({ setting }) => setting.lineClass === lineClass)
      .map(({ subject, setting, value, n, interval, group }) => ({
        label: lineClass,
        series: `${subject}, ${setting.variant}`,
        value,
        n,
        ...(interval && { low: interval.low, high: interval.high }),
        ...(group !== undefined && { href: groupLink(group) }),
      })),
  );
  if (values.length === 0) return [];
  const title = "Project-level code completion: exact match by class of line";
  const svg = dotPlot({ title, values, unit: "%", x: { label: "lines that match exactly, %", domain: [0, 100] } });
  return [
    { id: "lines/classes", title, caption: "Share of lines with 95 % Wilson intervals, all sizes together.", svg },
  ];
}
