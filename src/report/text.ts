import { alignedTable } from "./aligned.ts";
import type { Report } from "./report.ts";
import type { ComparedTable, MeasuredCell } from "./table.ts";

/** A report's tables for the terminal. */
export function reportText({ tables, remarks }: Pick<Report, "tables" | "remarks">): string {
  return [...tables.map(tableText), ...remarks].join("\n\n");
}

/** One compared table: the published rows, the measured ones among them, and under it those that must stand apart. */
export function tableText(table: ComparedTable): string {
  const joined = table.measured.filter(({ apart }) => apart.length === 0);
  const apart = table.measured.filter(({ apart }) => apart.length > 0);
  const rows = [
    ...table.published.map(({ subject, cells }) => [subject, ...cells.map(numberText)]),
    ...joined.map(({ subject, cells }) => [`▶ ${subject}`, ...cells.map(cellText)]),
    ...apart.map(({ subject, cells }, at) => [`${subject} [${at + 1}]`, ...cells.map(cellText)]),
  ];
  const notes = apart.map(({ apart: reasons }, at) => `  [${at + 1}] stands apart: ${reasons.join("; ")}`);
  const header = ["subject", ...table.columns];
  return [
    `${table.title} (${table.unit}; ${table.source}, ${table.certainty})`,
    alignedTable(header, rows),
    ...notes,
  ].join("\n");
}

const numberText = (value: number | null): string => (value === null ? "–" : value.toFixed(2));

/** "52.00 [48.90, 55.09]". */
function cellText(cell: MeasuredCell | null): string {
  if (cell === null) return "";
  const { value, interval } = cell;
  return interval === undefined
    ? numberText(value)
    : `${numberText(value)} [${numberText(interval.low)}, ${numberText(interval.high)}]`;
}
