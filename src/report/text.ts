import { countText, decimalsFor, fixed, intervalText } from "./numbers.ts";
import type { Report, ReportedVerdict } from "./report.ts";
import { statusSigns } from "./status.ts";
import type { ComparedTable, MeasuredCell } from "./table.ts";
import { alignedTable } from "./terminal/aligned.ts";
import { wrapped } from "./wrapped.ts";

/** How a text for the terminal is laid out. */
export interface TextOptions {
  /** How many cells a line may take; unlimited when absent. */
  readonly width?: number;
}

/** A report for the terminal: its verdicts, its tables but for details, and its remarks. Nothing in it can steer the terminal. */
export function reportText(
  { verdicts, tables, remarks }: Pick<Report, "verdicts" | "tables" | "remarks">,
  options: TextOptions = {},
): string {
  const { width = Number.POSITIVE_INFINITY } = options;
  const shown = tables.filter(({ isDetail = false }) => !isDetail);
  const left = tables.length - shown.length;
  const parts = [
    ...shown.map((table) => tableText(table, options)),
    ...(left === 0 ? [] : [wrapped(leftText(left), { width })]),
    ...remarks.map((remark) => wrapped(remark, { width })),
    ...(verdicts.length > 0 ? [verdictsText(verdicts, options)] : []),
  ];
  return parts.join("\n\n");
}

const leftText = (left: number): string =>
  `${countText(left)} more ${left === 1 ? "table stands" : "tables stand"} in the report and in --json.`;

/** One verdict below the other: sign and status in a column of their own, then the claim, then what decided. */
export function verdictsText(
  verdicts: readonly ReportedVerdict[],
  { width = Number.POSITIVE_INFINITY }: TextOptions = {},
): string {
  const longest = Math.max(0, ...verdicts.map(({ status }) => status.length));
  return verdicts
    .map((verdict) => {
      const { claim, subject, status } = verdict;
      const who = subject === undefined ? "" : ` · ${subject}`;
      const first = `${statusSigns[status].sign} ${status.padEnd(longest)}  ${claim}${who}`;
      return [
        wrapped(first, { width, hanging: "    " }),
        ...reasonsOf(verdict).map((line) => wrapped(line, { width, indent: "    " })),
      ].join("\n");
    })
    .join("\n");
}

function reasonsOf({ evidence, needed, missing = [], interval, n, seeds }: ReportedVerdict): string[] {
  const facts = [
    ...(interval === undefined ? [] : [intervalText(interval, decimalsFor(interval))]),
    ...(n === undefined ? [] : [`n = ${countText(n)}`]),
    ...(seeds === undefined ? [] : [seeds === 1 ? "1 seed" : `${seeds} seeds`]),
  ];
  return [
    evidence,
    ...(facts.length === 0 ? [] : [facts.join(" · ")]),
    ...(needed === undefined ? [] : [`about ${countText(needed)} samples would decide`]),
    ...(missing.length === 0 ? [] : [`missing: ${missing.join(", ")}`]),
  ];
}

/** One compared table: the published rows, the measured ones among them, and under it those that must stand apart. */
export function tableText(table: ComparedTable, options: TextOptions = {}): string {
  const { width = Number.POSITIVE_INFINITY } = options;
  const { decimals } = table;
  const joined = table.measured.filter(({ apart }) => apart.length === 0);
  const apart = table.measured.filter(({ apart }) => apart.length > 0);
  const cellsOf = (cells: readonly (MeasuredCell | null)[]) => cells.map((cell) => cellText(cell, decimals));
  const rows = [
    ...table.published.map(({ subject, cells }) => [subject, ...cells.map((value) => numberText(value, decimals))]),
    ...joined.map(({ subject, cells }) => [`▶ ${subject}`, ...cellsOf(cells)]),
    ...apart.map(({ subject, cells }, at) => [`${subject} [${at + 1}]`, ...cellsOf(cells)]),
  ];
  const notes = apart.map(({ apart: reasons }, at) => `[${at + 1}] stands apart: ${reasons.join("; ")}`);
  return [
    wrapped(`${table.title} (${table.unit}; ${sourceOf(table)})`, { width }),
    alignedTable([table.rowLabel ?? "subject", ...table.columns], rows, { width, spans: table.spans ?? [] }),
    ...notes.map((note) => wrapped(note, { width, indent: "  " })),
  ].join("\n");
}

/** Where the numbers are from; how sure the published ones are, where there are any. */
const sourceOf = ({ source, certainty, published }: ComparedTable): string =>
  published.length === 0 ? source : `${source}, ${certainty}`;

/** With the minus that a keyboard has: what stands in a terminal is searched and pasted. */
const numberText = (value: number | null, decimals = 2): string => fixed(value, decimals).replace("−", "-");

/** "52.00 [48.90, 55.09]". */
function cellText(cell: MeasuredCell | null, decimals?: number): string {
  if (cell === null) return "";
  const { value, interval } = cell;
  return interval === undefined
    ? numberText(value, decimals)
    : `${numberText(value, decimals)} [${numberText(interval.low, decimals)}, ${numberText(interval.high, decimals)}]`;
}
