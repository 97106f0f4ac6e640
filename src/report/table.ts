import type { Comparability, Interval, MeasuredRecord, PublishedColumn, PublishedTable } from "#base";

/** A published table with the measured rows that may stand in it, and apart from it those that may not. */
export interface ComparedTable {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly certainty: string;
  readonly unit: string;
  /** How many decimals the paper prints; 2 when absent. */
  readonly decimals?: number;
  /** What each row is; a subject when absent. */
  readonly rowLabel?: string;
  /** A row of headings above the columns, left to right: what each spans and how many. */
  readonly spans?: readonly TableSpan[];
  readonly columns: readonly string[];
  /** A detail: the page and `--json` have it, the terminal leaves it out. */
  readonly isDetail?: boolean;
  readonly published: readonly { readonly subject: string; readonly cells: readonly (number | null)[] }[];
  readonly measured: readonly MeasuredRow[];
}

/** A heading over some columns of a table. */
export interface TableSpan {
  readonly label: string;
  readonly columns: number;
}

/** What is joined to a published table, and how the paper prints it. */
export interface ComparedTableOptions extends Pick<ComparedTable, "decimals" | "spans"> {
  readonly records: readonly MeasuredRecord[];
  /** Each subject's kind, by its name. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** A subject's row. */
export interface MeasuredRow {
  readonly subject: string;
  /** `control`, `retrieval`, `open` or `api`. */
  readonly kind: string;
  readonly cells: readonly (MeasuredCell | null)[];
  /** Empty when the row stands in the table; else why it stands under it. */
  readonly apart: readonly string[];
}

/** One measured number in a table. */
export interface MeasuredCell {
  readonly value: number | null;
  readonly n: number;
  readonly interval?: Interval;
  /** The samples behind it. */
  readonly group?: string;
}

const parts = ["data", "prompt", "split", "scorer", "settings"] as const satisfies readonly (keyof Comparability)[];

/**
 * Joins measured rows to a published table: a row stands among the published ones only when every number of it shares
 * data, prompt, split, scorer and settings with the paper's, hash for hash, and its subject is no control.
 */
export function comparedTable(
  published: PublishedTable,
  { records, kinds, decimals, spans }: ComparedTableOptions,
): ComparedTable {
  const subjects = [...new Set(records.map(({ subject }) => subject))];
  const rows = subjects.map((subject) => {
    const own = records.filter((record) => record.subject === subject);
    return measuredRow(published, { subject, kind: kinds[subject] ?? "unknown", records: own });
  });
  const { id, title, source, certainty, unit, columns } = published;
  return {
    id,
    title,
    source,
    certainty,
    unit,
    ...(decimals !== undefined && { decimals }),
    ...(spans !== undefined && { spans }),
    columns: columns.map(({ label }) => label),
    published: published.rows,
    measured: rows.filter(({ cells }) => cells.some((cell) => cell !== null)),
  };
}

interface Candidate {
  readonly subject: string;
  readonly kind: string;
  readonly records: readonly MeasuredRecord[];
}

function measuredRow({ columns }: PublishedTable, { subject, kind, records }: Candidate): MeasuredRow {
  const found = columns.map((column) => records.find((record) => fits(record, column)));
  const differing = new Set(found.flatMap((record, at) => (record ? differences(record, columns[at]!) : [])));
  const reasons = parts.filter((part) => differing.has(part)).map((part) => `${part} differs from the paper's`);
  const apart = [...(kindsApart[kind] ?? []), ...reasons];
  return { subject, kind, cells: found.map((record) => (record ? cellOf(record) : null)), apart };
}

/** A control does not look at the question, and a retrieval baseline does not answer: whatever they score, they are no peers of a model. */
const kindsApart: Readonly<Record<string, readonly string[]>> = {
  control: ["a control, not a model"],
  retrieval: ["a retrieval baseline, no language model"],
  unknown: ["a subject that the run does not name"],
};

function fits({ metric, setting }: MeasuredRecord, column: PublishedColumn): boolean {
  const wanted = Object.entries(column.setting);
  return metric === column.metric && wanted.every(([name, value]) => setting[name] === value);
}

/** A record that does not say what it was measured on differs in everything. */
function differences({ comparability }: MeasuredRecord, { requires }: PublishedColumn): (keyof Comparability)[] {
  return parts.filter((part) => !comparability?.[part] || comparability[part] !== requires[part]);
}

const cellOf = ({ value, n, interval, group }: MeasuredRecord): MeasuredCell => ({
  value,
  n,
  ...(interval && { interval }),
  ...(group !== undefined && { group }),
});
