import { readCsv } from "./csv.ts";
import { readJsonl } from "./jsonl.ts";
import { formatOf, type NumberedRow, type TableFormat, type TableRow } from "./rows.ts";

const readers = {
  jsonl: readJsonl,
  csv: readCsv,
  parquet: async function* (file) {
    const { numberedParquet } = await import("./parquet-reader.ts");
    yield* numberedParquet(file, {});
  },
} satisfies Record<TableFormat, (file: string) => Iterable<NumberedRow> | AsyncIterable<NumberedRow>>;

/**
 * The rows of a table, in order, as many in memory as the format needs; the file's name says the format.
 *
 * @throws AssayError FILE_MISSING, TABLE_INVALID naming file and line
 */
export async function* readRows(file: string): AsyncGenerator<TableRow> {
  for await (const { row } of numberedRows(file)) yield row;
}

/** `readRows` with the line on which each row begins. */
export async function* numberedRows(file: string): AsyncGenerator<NumberedRow> {
  yield* readers[formatOf(file)](file);
}
