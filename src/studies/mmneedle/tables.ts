import type { MeasuredRecord } from "#base";
import { type ComparedTable, comparedTable, type MeasuredCell } from "#report";
import type { Metric } from "./measures.ts";
import { published } from "./published/tables.ts";

interface Rows {
  readonly records: readonly MeasuredRecord[];
  /** Each subject's kind, by its name. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** Tables 2, 3, 5, 4 and 8 and those of absent needles and individual accuracy, where something was measured for them. */
export function paperTables(rows: Rows): ComparedTable[] {
  return published
    .map((table) => comparedTable(table, { ...rows, spans: spansOf(table.columns) }))
    .filter(({ measured }) => measured.length > 0)
    .map((table) => ({ ...table, columns: table.columns.map((label) => label.replace(/^M=\d+ N=\d+ /, "")) }));
}

/** A heading for each setting over its metrics. */
function spansOf(columns: readonly { readonly label: string }[]): { label: string; columns: number }[] {
  const settings = Map.groupBy(columns, ({ label }) => /^M=\d+ N=\d+/.exec(label)![0]);
  return [...settings].map(([label, group]) => ({ label, columns: group.length }));
}

const beyond = [
  ["exact", "strict"],
  ["lenientExact", "lenient"],
  ["formatFailure", "off format"],
  ["empty", "no answer"],
] as const satisfies readonly (readonly [Metric, string])[];

/**
 * How much of a score is finding and how much is obeying the format: exact accuracy by the official strings and by what
 * the answer means, and the share of answers in another form than asked for. Beyond the paper.
 */
export function formatTables(rows: Rows): ComparedTable[] {
  const splits = ["positive", "mixed"] as const;
  const needles = [...new Set(rows.records.map(({ setting }) => Number(setting.needles)))];
  return needles.flatMap((k) => splits.flatMap((split) => formatTable(rows, { k, split }))).filter(hasRows);
}

const hasRows = ({ measured }: ComparedTable): boolean => measured.length > 0;

function formatTable(
  { records, kinds }: Rows,
  { k, split }: { k: number; split: "positive" | "mixed" },
): ComparedTable {
  const own = records.filter(({ setting }) => setting.needles === k && setting.split === split);
  const settings = [...new Set(own.map(({ setting }) => `M=${setting.pictures} N=${setting.side}`))];
  const metrics = split === "positive" ? beyond : beyond.slice(1);
  const cellsOf = (subject: string) =>
    settings.flatMap((name) => metrics.map(([metric]) => cellOf(own, { subject, name, metric })));
  const subjects = [...new Set(own.map(({ subject }) => subject))];
  return {
    id: `format-${k}-${split}`,
    title: `Finding and obeying: ${k === 1 ? "one needle" : `${k} needles`}, ${split === "positive" ? "present" : "some present, some absent"}`,
    source: "not in the paper",
    certainty: "measured here",
    unit: "%",
    spans: settings.map((label) => ({ label, columns: metrics.length })),
    columns: settings.flatMap(() => metrics.map(([, label]) => label)),
    published: [],
    measured: subjects.map((subject) => ({
      subject,
      kind: kinds[subject] ?? "unknown",
      cells: cellsOf(subject),
      apart: [],
    })),
  };
}

function cellOf(
  records: readonly MeasuredRecord[],
  { subject, name, metric }: { subject: string; name: string; metric: Metric },
): MeasuredCell | null {
  const found = records.find(
    ({ setting, ...record }) =>
      record.subject === subject && record.metric === metric && `M=${setting.pictures} N=${setting.side}` === name,
  );
  if (found === undefined) return null;
  const { value, n, interval, group } = found;
  return { value, n, ...(interval && { interval }), ...(group !== undefined && { group }) };
}
