import type { ReadParquetOptions } from "./parquet-reader.ts";
import type { TableRow } from "./rows.ts";

export type { ReadParquetOptions };

/**
 * The rows of a Parquet file, a row group at a time; whole numbers of 64 bits become numbers where those are exact.
 *
 * @throws AssayError FILE_MISSING, TABLE_INVALID for columns that it lacks and for bytes that are no Parquet
 */
export async function* readParquet(file: string, options: ReadParquetOptions = {}): AsyncGenerator<TableRow> {
  // Loaded when a table is read: three packages that every command would wait for otherwise.
  const { numberedParquet } = await import("./parquet-reader.ts");
  for await (const { row } of numberedParquet(file, options)) yield row;
}
