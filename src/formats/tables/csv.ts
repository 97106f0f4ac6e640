import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { CsvError, type Info, parse } from "csv-parse";
import { RangedFile } from "../files/ranged-file.ts";
import type { Columns } from "./columns.ts";
import { type Cell, type NumberedRow, type Row, tableFault } from "./rows.ts";

/**
 * Rows as lines of CSV, the header first. Null is an empty cell, an empty text is "".
 *
 * Source   RFC 4180
 */
export function* csvLines(rows: Iterable<Row>, columns: Columns): Generator<string> {
  const names = [...columns.keys()];
  if (names.length === 0) return;
  yield lineOf(names);
  for (const row of rows) yield lineOf(names.map((name) => row[name] ?? null));
}

const lineOf = (cells: readonly Cell[]): string => `${cells.map(cellText).join(",")}\r\n`;

function cellText(cell: Cell): string {
  if (cell === null) return "";
  const text = String(cell);
  return text === "" || /[",\r\n]|^\s|\s$|^\uFEFF/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record of the parser, with how far it had read at the end of it. */
interface Parsed {
  readonly record: readonly (string | null)[];
  readonly info: Info;
}

/**
 * The rows of a CSV file with a header; an empty cell is null, "" an empty text, a blank line nothing.
 *
 * @throws AssayError FILE_MISSING, TABLE_INVALID with the line: ragged rows, stray quotes, a header that repeats a name
 */
export async function* readCsv(file: string): AsyncGenerator<NumberedRow> {
  new RangedFile(file).close(); // a missing file is one error, in one form
  let header: readonly string[] | undefined;
  let line = 1;
  try {
    for await (const { record, info } of parsed(file)) {
      if (header === undefined) header = headerOf(record, file);
      else if (!isBlank(record, header)) yield { row: rowOf(record, { header, file, line }), line };
      line = info.lines + 1;
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const at = typeof cause.lines === "number" ? cause.lines : line;
    throw tableFault(file, { problem: `Expected CSV, got a fault (${cause.message})`, line: at, cause });
  }
}

function parsed(file: string): AsyncIterable<Parsed> {
  const parser = parse({
    bom: true,
    info: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true, // counted here, where the line on which the row begins is known
    cast: (value, { quoting }) => (value === "" && !quoting ? null : value),
  });
  return pipeline(createReadStream(file), parser, () => {}) as AsyncIterable<Parsed>;
}

function headerOf(record: Parsed["record"], file: string): readonly string[] {
  const names = record.map((name) => name ?? "");
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice === undefined) return names;
  throw tableFault(file, { problem: `Expected each column once, got "${twice}" twice`, line: 1 });
}

/** In a table of one column an empty line is a null. */
const isBlank = (record: Parsed["record"], header: readonly string[]): boolean =>
  header.length > 1 && record.length === 1 && record[0] === null;

function rowOf(record: Parsed["record"], { header, file, line }: RowPlace): NumberedRow["row"] {
  if (record.length === header.length) return Object.fromEntries(header.map((name, at) => [name, record[at]!]));
  const problem = `Expected ${header.length} cells as in the header, got ${record.length}`;
  throw tableFault(file, { problem: `${problem}; quote cells that hold commas or quotes`, line });
}

interface RowPlace {
  readonly header: readonly string[];
  readonly file: string;
  readonly line: number;
}
