import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import { AssayError } from "#base";
import { bytesAt } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import type { Columns, ColumnType } from "./columns.ts";
import { type Cell, type NumberedRow, type Row, type TableRow, tableFault } from "./rows.ts";

/** Rows that are held in memory at once. */
const rowGroupSize = 10_000;

const elements = {
  boolean: { type: "BOOLEAN" },
  integer: { type: "INT32" },
  number: { type: "DOUBLE" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
} as const satisfies Record<ColumnType, Partial<SchemaElement>>;

/** Writes rows as Parquet, Snappy inside; a column of mixed types becomes text. Returns how many rows. */
export function appendParquet(append: (bytes: Uint8Array) => void, rows: Iterable<Row>, columns: Columns): number {
  const writer = flushingWriter(append);
  const parquet = new ParquetWriter({ writer, schema: schemaOf(columns), createdBy: "assay" });
  let group: Row[] = [];
  let count = 0;
  const write = () => {
    count += group.length;
    const columnData = [...columns].map(([name, type]) => ({
      name,
      data: group.map((row) => stored(row[name], type)),
    }));
    if (group.length > 0 && columnData.length > 0) void parquet.write({ columnData, rowGroupSize });
    group = [];
  };
  for (const row of rows) {
    group.push(row);
    if (group.length === rowGroupSize) write();
  }
  write();
  void parquet.finish();
  return count;
}

/** A writer that hands its bytes on after every row group. */
function flushingWriter(append: (bytes: Uint8Array) => void): ByteWriter {
  const writer = new ByteWriter();
  const flush = () => {
    append(writer.getBytes());
    writer.index = 0;
  };
  return Object.assign(writer, { flush, finish: flush });
}

function schemaOf(columns: Columns): SchemaElement[] {
  const fields = [...columns].map(([name, type]) => ({
    name,
    repetition_type: "OPTIONAL" as const,
    ...elements[type],
  }));
  return [{ name: "root", num_children: fields.length }, ...fields];
}

function stored(cell: Cell | undefined, type: ColumnType): Cell {
  if (cell === null || cell === undefined) return null;
  return type === "text" ? String(cell) : cell;
}

/** What to read of a Parquet file. */
export interface ReadParquetOptions {
  /** Only these, in the file's order; all when absent. */
  readonly columns?: readonly string[];
}

/**
 * The rows of a Parquet file, a row group at a time; whole numbers of 64 bits become numbers where those are exact.
 *
 * @throws AssayError FILE_MISSING, TABLE_INVALID for columns that it lacks and for bytes that are no Parquet
 */
export async function* readParquet(file: string, options: ReadParquetOptions = {}): AsyncGenerator<TableRow> {
  for await (const { row } of numberedParquet(file, options)) yield row;
}

/** `readParquet` with the number of each row, from 1. */
export async function* numberedParquet(file: string, options: ReadParquetOptions): AsyncGenerator<NumberedRow> {
  const source = new RangedFile(file);
  try {
    const buffer = {
      byteLength: source.size,
      slice: (start: number, end = source.size) => bytesAt(source, start, end - start).buffer,
    };
    const metadata = await orFault(file, () => parquetMetadataAsync(buffer));
    const columns = wantedColumns(file, metadata, options);
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      const rows = await orFault(file, () => readGroup({ file: buffer, metadata, columns, rowStart, rowEnd }));
      for (const [at, row] of rows.entries()) yield { row, line: rowStart + at + 1 };
      rowStart = rowEnd;
    }
  } finally {
    source.close();
  }
}

function wantedColumns(file: string, metadata: FileMetaData, { columns }: ReadParquetOptions): string[] {
  const present = parquetSchema(metadata).children.map(({ element }) => element.name);
  if (columns === undefined) return present;
  const missing = columns.filter((name) => !present.includes(name));
  if (missing.length === 0) return present.filter((name) => columns.includes(name));
  throw tableFault(file, { problem: `Expected the columns ${missing.join(", ")}, got only ${present.join(", ")}` });
}

interface RowGroup {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: string[];
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** Read as arrays: as an object hyparquet loses a column called `__proto__`. */
async function readGroup(group: RowGroup): Promise<TableRow[]> {
  let rows: unknown[][] = [];
  const onComplete = (read: unknown[][]) => {
    rows = read;
  };
  await parquetRead({ ...group, compressors, parsers: { stringFromBytes }, rowFormat: "array", onComplete });
  return rows.map((row) => Object.fromEntries(group.columns.map((name, at) => [name, plain(row[at])])));
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const stringFromBytes = (bytes: Uint8Array | undefined): string | undefined => bytes && decoder.decode(bytes);

async function orFault<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw tableFault(file, { problem: `Expected Parquet, got other bytes (${(cause as Error).message})`, cause });
  }
}

/** hyparquet gives whole numbers of 64 bits as bigint. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}
