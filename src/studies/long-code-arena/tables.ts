import type { MeasuredRecord } from "#base";
import { type ComparedTable, comparedTable, type MeasuredCell } from "#report";
import { failures } from "./failures.ts";
import type { TableView, Task } from "./task.ts";

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

/** Everything that was measured, as each task wants it seen, and one table of answers that failed. Beyond the paper. */
export function shapeTables(rows: Rows, tasks: readonly Task[]): ComparedTable[] {
  return tasks.flatMap((task) => {
    const own = rows.records.filter(({ setting }) => setting.task === task.id);
    return [...task.views, failureView].flatMap((view) => viewTables(own, { task, view, kinds: rows.kinds }));
  });
}

const failureView: TableView = { title: "answers that failed", unit: "% of answers", metrics: failures };

interface Viewed {
  readonly task: Task;
  readonly view: TableView;
  readonly kinds: Rows["kinds"];
}

/** One table for each value of the facet. */
function viewTables(records: readonly MeasuredRecord[], viewed: Viewed): ComparedTable[] {
  const { metrics, facet, within = {} } = viewed.view;
  const isWithin = ({ setting }: MeasuredRecord) =>
    Object.entries(within).every(([name, value]) => setting[name] === value);
  const own = records.filter((record) => metrics.includes(record.metric) && isWithin(record));
  const facets = Map.groupBy(own, ({ setting }) => (facet === undefined ? undefined : setting[facet.setting]));
  return [...facets].map(([name, members]) =>
    viewTable(members, { ...viewed, facetName: name === undefined ? "" : `${name}` }),
  );
}

function viewTable(
  records: readonly MeasuredRecord[],
  { task, view, kinds, facetName }: Viewed & { facetName: string },
): ComparedTable {
  const { title, unit, metrics, along } = view;
  const columns = columnsIn(records, { metrics, along });
  const variants = [...new Set(columns.map(({ variant }) => variant))];
  const subjects = [...new Set(records.map(({ subject }) => subject))];
  const measured = subjects.map((subject) => ({
    subject,
    kind: kinds[subject] ?? "unknown",
    apart: [],
    cells: columns.map((column) => cellOf(records, { column, subject, along })),
  }));
  const facet = facetName === "" ? "" : `, ${view.facet?.called} ${facetName}`;
  return {
    id: `${task.id}-${title}${facet}`,
    title: `${task.title}: ${title}${facet}`,
    unit,
    measured,
    published: [],
    source: "not in the paper",
    certainty: "measured here",
    spans: variants.map((label) => ({ label, columns: columns.filter(({ variant }) => variant === label).length })),
    columns: columns.map(({ value, metric }) =>
      value === undefined ? metric : metrics.length === 1 ? value : `${value} ${metric}`,
    ),
  };
}

interface Column {
  readonly variant: string;
  /** Of the setting that stands beside each other. */
  readonly value: string | undefined;
  readonly metric: string;
}

function columnsIn(
  records: readonly MeasuredRecord[],
  { metrics, along }: { metrics: readonly string[]; along: string | undefined },
): Column[] {
  const variants = [...new Set(records.map(({ setting }) => String(setting.variant)))];
  const values =
    along === undefined
      ? [undefined]
      : [...new Set(records.map(({ setting }) => String(setting[along])))].sort(allLast);
  const columns = variants.flatMap((variant) =>
    values.flatMap((value) => metrics.map((metric) => ({ variant, value, metric }))),
  );
  return columns.filter((column) => records.some((record) => isAt(record, { column, along })));
}

const allLast = (a: string, b: string): number => Number(a === "all") - Number(b === "all");

interface Place {
  readonly column: Column;
  readonly along: string | undefined;
}

const isAt = ({ metric, setting }: MeasuredRecord, { column, along }: Place): boolean =>
  metric === column.metric &&
  String(setting.variant) === column.variant &&
  (along === undefined || String(setting[along]) === column.value);

function cellOf(
  records: readonly MeasuredRecord[],
  { subject, ...place }: Place & { readonly subject: string },
): MeasuredCell | null {
  const found = records.find((record) => record.subject === subject && isAt(record, place));
  if (found === undefined) return null;
  const { value, n, interval, group } = found;
  return { value, n, ...(interval && { interval }), ...(group !== undefined && { group }) };
}
