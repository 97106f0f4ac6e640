import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AssayError } from "#base";
import { writeAtomically } from "../files/draft-file.ts";
import { makeFolder } from "../files/folder.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { type Columns, settled, surveyed } from "./columns.ts";
import { csvLines } from "./csv.ts";
import { jsonLines } from "./jsonl.ts";
import { appendLines, linesOf } from "./lines.ts";
import type { Row, TableFormat } from "./rows.ts";

/** How a table is written. */
export interface WriteTableOptions {
  readonly format: TableFormat;
}

/**
 * Writes rows as a table and returns how many; the file is whole or not there. Folders that lead to it are made. No cell is cut, nulls stay nulls.
 *
 * JSONL keeps each row's own keys. CSV and Parquet have every column that any row has, so their rows rest in a file
 * beside the target until the last one has come; memory stays that of one row group.
 *
 * @throws AssayError TABLE_INVALID for a cell that is no text, finite number, boolean or null; FILE_UNWRITABLE
 */
export async function writeTable(file: string, rows: Iterable<Row>, { format }: WriteTableOptions): Promise<number> {
  try {
    makeFolder(dirname(file));
    return await writers[format](file, rows);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new AssayError("FILE_UNWRITABLE", `table: Expected to write ${file}, got ${cause.message}`, { cause });
  }
}

const writers = {
  jsonl: writeJsonl,
  csv: (file, rows) => withRest(file, rows, (rest) => writeCsv(file, rest)),
  parquet: writeParquet,
} satisfies Record<TableFormat, (file: string, rows: Iterable<Row>) => number | Promise<number>>;

function writeJsonl(file: string, rows: Iterable<Row>): number {
  let count = 0;
  writeAtomically(file, (append) => {
    count = appendLines(append, jsonLines(surveyed(rows, { file, found: new Map() })));
  });
  return count;
}

/** All rows on the disk, and the columns that they have. */
interface Rest {
  readonly rows: Iterable<Row>;
  readonly columns: Columns;
  readonly count: number;
}

function writeCsv(file: string, { rows, columns, count }: Rest): number {
  writeAtomically(file, (append) => void appendLines(append, csvLines(rows, columns)));
  return count;
}

async function writeParquet(file: string, rows: Iterable<Row>): Promise<number> {
  // Loaded when such a table is written: every command would wait for it otherwise.
  const { appendParquet } = await import("./parquet-writer.ts");
  return withRest(file, rows, ({ rows: rest, columns, count }) => {
    writeAtomically(file, (append) => void appendParquet(append, rest, columns));
    return count;
  });
}

function withRest(file: string, rows: Iterable<Row>, use: (rest: Rest) => number): number {
  const path = `${file}.${process.pid}.rows`;
  try {
    const found = new Map();
    const count = writeRest(path, surveyed(rows, { file, found }));
    const source = new RangedFile(path);
    try {
      return use({ rows: restRows(source), columns: settled(found), count });
    } finally {
      source.close();
    }
  } finally {
    rmSync(path, { force: true });
  }
}

function writeRest(path: string, rows: Iterable<Row>): number {
  const descriptor = openSync(path, "w");
  try {
    return appendLines((bytes) => writeAll(descriptor, bytes), jsonLines(rows));
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

function* restRows(source: RangedFile): Generator<Row> {
  for (const { text } of linesOf(source)) yield JSON.parse(text);
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "errno" in error;
