import type { MeasuredRecord } from "#base";
import { type ComparedTable, comparedTable, type MeasuredCell } from "#report";
import { failures } from "./failures.ts";
import type { Task } from "./task.ts";

interface Rows {
  readonly records: readonly MeasuredRecord[];
  /** Each subject's kind, by its name. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** The paper's tables in which something of this run may stand. */
export function paperTables(rows: Rows, tasks: readonly Task[]): ComparedTable[] {
  return tasks
    .flatMap(({ published }) => published)
    .map((table) => comparedTable(table, { ...rows, decimals: decimalsOf(table.unit) }))
    .filter(({ measured }) => measured.length > 0);
}

const decimalsOf = (unit: string): number =>
  unit.startsWith("0 to 1,") || unit.startsWith("0 to 1;") || unit === "0 to 1" ? 3 : 2;

/** Metrics that count answers that failed. */
const failureNames: readonly string[] = failures;

/** One table a task for everything that was measured, and one for answers that failed. Beyond the paper. */
export function shapeTables(rows: Rows, tasks: readonly Task[]): ComparedTable[] {
  return tasks.flatMap((task) => {
    const own = rows.records.filter(({ setting }) => setting.task === task.id);
    const scored = own.filter(({ metric }) => !failureNames.includes(metric));
    const failed = own.filter(({ metric }) => failureNames.includes(metric));
    return [
      ...wholeTable(scored, {
        ...rows,
        id: `${task.id}-all`,
        title: `${task.title}: everything that was measured`,
        unit: unitOf(task),
      }),
      ...wholeTable(failed, {
        ...rows,
        id: `${task.id}-failed`,
        title: `${task.title}: answers that failed`,
        unit: "% of answers",
      }),
    ];
  });
}

const units: Partial<Readonly<Record<Task["id"], string>>> = {
  "library-codegen": "0 to 1; syntaxError in %",
  "code-completion": "%; files counted",
  "bug-localization": "0 to 1; meanRank counted",
};

const unitOf = ({ id }: Task): string => units[id] ?? "0 to 100";

interface Whole extends Rows {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
}

/** Columns by setting, then metric; one table for each value of `language`, `size` or `difficulty` would be too many. */
function wholeTable(records: readonly MeasuredRecord[], { id, title, unit, kinds }: Whole): ComparedTable[] {
  if (records.length === 0) return [];
  const settings = [...new Set(records.map(({ setting }) => nameOf(setting)))];
  const columns = settings.flatMap((name) =>
    [...new Set(records.filter(({ setting }) => nameOf(setting) === name).map(({ metric }) => metric))].map(
      (metric) => ({ name, metric }),
    ),
  );
  const spans = settings.map((label) => ({ label, columns: columns.filter(({ name }) => name === label).length }));
  const subjects = [...new Set(records.map(({ subject }) => subject))];
  const measured = subjects.map((subject) => ({
    ...{ subject, kind: kinds[subject] ?? "unknown", apart: [] },
    cells: columns.map((column) => cellOf(records, { ...column, subject })),
  }));
  return [
    {
      ...{ id, title, unit, spans, measured, source: "not in the paper", certainty: "measured here", published: [] },
      columns: columns.map(({ metric }) => metric),
    },
  ];
}

const nameOf = ({ task: _, ...setting }: MeasuredRecord["setting"]): string =>
  Object.entries(setting)
    .map(([name, value]) => (name === "variant" ? String(value) : `${name} ${value}`))
    .join(", ");

function cellOf(
  records: readonly MeasuredRecord[],
  { name, metric, subject }: { name: string; metric: string; subject: string },
): MeasuredCell | null {
  const found = records.find(
    (record) => record.subject === subject && record.metric === metric && nameOf(record.setting) === name,
  );
  if (found === undefined) return null;
  const { value, n, interval, group } = found;
  return { value, n, ...(interval && { interval }), ...(group !== undefined && { group }) };
}
