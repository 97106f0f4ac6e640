import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead, parquetSchema } from "hyparquet";
import { AssayError } from "#base";
import { type ByteSource, bytesAt } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { codecs } from "./parquet-codecs.ts";
import { checkRowGroup } from "./parquet-pages.ts";
import { type NumberedRow, type TableRow, tableFault } from "./rows.ts";

/** What to read of a Parquet file. */
export interface ReadParquetOptions {
  /** Only these, in the file's order; all when absent. */
  readonly columns?: readonly string[];
}

/** `readParquet` with the number of each row, from 1. */
export async function* numberedParquet(file: string, options: ReadParquetOptions): AsyncGenerator<NumberedRow> {
  const source = new RangedFile(file);
  try {
    const buffer = bufferOf(source);
    const { metadata, present } = await orFault(file, () => described(buffer));
    const columns = wantedColumns(file, present, options);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      const rows = await orFault(file, () => {
        checkRowGroup(source, group, { metadata, columns });
        return readGroup({ file: buffer, metadata, columns, rowStart, rowEnd });
      });
      for (const [at, row] of rows.entries()) yield { row, line: rowStart + at + 1 };
      rowStart = rowEnd;
    }
  } finally {
    source.close();
  }
}

/** Ranges are compared with the file's size before anything is allocated for them. */
function bufferOf(source: ByteSource): AsyncBuffer {
  return {
    byteLength: source.size,
    slice: (start, end = source.size) => {
      if (!(start >= 0 && start <= end && end <= source.size)) throw new Error(`bytes ${start} to ${end}`);
      return bytesAt(source, start, end - start).buffer;
    },
  };
}

async function described(buffer: AsyncBuffer): Promise<{ metadata: FileMetaData; present: string[] }> {
  // Looking for maps, hyparquet steps over as many columns as an element has children: for ever back where that is < 0.
  const metadata = await parquetMetadataAsync(buffer, { geoparquet: false });
  return { metadata, present: parquetSchema(metadata).children.map(({ element }) => element.name) };
}

function wantedColumns(file: string, present: readonly string[], { columns }: ReadParquetOptions): string[] {
  if (columns === undefined) return [...present];
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
  await parquetRead({ ...group, compressors: codecs, parsers: { stringFromBytes }, rowFormat: "array", onComplete });
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

/** hyparquet gives whole numbers of 64 bits as bigint, and a list that is null as undefined. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}
