import { extname } from "node:path";
import { AssayError } from "#base";

/** The formats in which a table is written and read. */
export const tableFormats = ["jsonl", "csv", "parquet"] as const;

/** One of `tableFormats`. */
export type TableFormat = (typeof tableFormats)[number];

/** What a written table holds in one place. */
export type Cell = string | number | boolean | null;

/** Column → cell; a column that is absent is null in the formats that have a header. */
export type Row = Readonly<Record<string, Cell | undefined>>;

/** A row as a file has it: cells of CSV are text or null; JSONL and Parquet may nest. */
export type TableRow = Readonly<Record<string, unknown>>;

/** A row and where it begins: a line counted from 1, or in Parquet the number of the row. */
export interface NumberedRow {
  readonly row: TableRow;
  readonly line: number;
}

/** The error of a table that is not what it should be. */
export function tableFault(file: string, { problem, line, cause }: TableFault): AssayError {
  const where = line === undefined ? file : `${file}, line ${line}`;
  return new AssayError("TABLE_INVALID", `table: ${where}: ${problem}`, { details: { file, line }, cause });
}

interface TableFault {
  /** `Expected …, got …`. */
  readonly problem: string;
  readonly line?: number | undefined;
  readonly cause?: unknown;
}

/** The format that a file's name promises. @throws AssayError TABLE_INVALID */
export function formatOf(file: string): TableFormat {
  const extension = extname(file).slice(1).toLowerCase();
  if (extension === "ndjson") return "jsonl";
  const format = tableFormats.find((name) => name === extension);
  if (format !== undefined) return format;
  throw tableFault(file, { problem: `Expected a name ending in .${tableFormats.join(", .")}, got "${extname(file)}"` });
}
