/**
 * What hyparquet takes on trust: it reads a page whose size is missing for ever, and allocates for any count that a page
 * announces. Every number is compared here with what it may be at most before hyparquet is let near it.
 */
import type { ColumnMetaData, FileMetaData, RowGroup, SchemaTree } from "hyparquet";
import { parquetSchema } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { readRleBitPackedHybrid } from "hyparquet/src/encoding.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getTreePath, isFlatColumn } from "hyparquet/src/schema.js";
import { type ByteSource, bytesAt } from "../files/byte-source.ts";
import { codecs } from "./parquet-codecs.ts";
import { checkRuns } from "./parquet-runs.ts";

/** A row group is held in memory whole; writers make them of 10,000 to 1,048,576 rows. */
const mostRows = 2 ** 23;
/** Nested columns have several values a row. */
const mostValues = 2 ** 26;
const largestPage = 2 ** 30;

type Page = ReturnType<typeof parquetHeader>;

interface Column {
  readonly meta: ColumnMetaData;
  readonly path: SchemaTree[];
  /** Of a column without lists or records: its values are the rows. */
  readonly rows: number | undefined;
}

/** @throws Error saying which number of the wanted columns of a row group cannot be */
export function checkRowGroup(
  source: ByteSource,
  group: RowGroup,
  { metadata, columns }: { readonly metadata: FileMetaData; readonly columns: readonly string[] },
): void {
  const rows = countOf("rows", group.num_rows, mostRows);
  const tree = parquetSchema(metadata);
  for (const { meta_data: meta } of group.columns) {
    if (meta === undefined) throw new Error("a column without a description");
    if (!columns.includes(meta.path_in_schema[0]!)) continue;
    const path = getTreePath(tree, meta.path_in_schema);
    checkColumn(chunkOf(source, meta), { meta, path, rows: isFlatColumn(path) ? rows : undefined });
  }
}

function chunkOf(source: ByteSource, meta: ColumnMetaData): Uint8Array<ArrayBuffer> {
  const start = countOf("bytes before a column", meta.dictionary_page_offset || meta.data_page_offset, source.size);
  return bytesAt(source, start, countOf("bytes of a column", meta.total_compressed_size, source.size - start));
}

/** Walks the pages as hyparquet's `readColumn` does. */
function checkColumn(chunk: Uint8Array<ArrayBuffer>, column: Column): void {
  const reader = { view: new DataView(chunk.buffer), offset: 0 };
  const most = column.rows ?? mostValues;
  let values = 0;
  while (reader.offset < chunk.length - 1 && !(column.rows !== undefined && values >= column.rows)) {
    const page = parquetHeader(reader);
    const size = countOf("bytes of a page", page.compressed_page_size, chunk.length - reader.offset);
    countOf("bytes of an unpacked page", page.uncompressed_page_size, largestPage);
    values += valuesOf(page, chunk.subarray(reader.offset, reader.offset + size), { column, most: most - values });
    reader.offset += size;
  }
  if (column.rows !== undefined && values < column.rows) throw new Error(`${values} of ${column.rows} values`);
}

interface Surroundings {
  readonly column: Column;
  /** Values that the column may still have. */
  readonly most: number;
}

/** How many values a page holds, its runs checked. */
function valuesOf(page: Page, packed: Uint8Array, { column, most }: Surroundings): number {
  if (page.data_page_header && page.type === "DATA_PAGE") {
    const values = countOf("values of a page", page.data_page_header.num_values, most);
    const bytes = decompressPage(packed, page.uncompressed_page_size, column.meta.codec, codecs);
    checkFirstVersion(viewOf(bytes), { column, values, encoding: page.data_page_header.encoding });
    return values;
  }
  if (page.data_page_header_v2 && page.type === "DATA_PAGE_V2") {
    const values = countOf("values of a page", page.data_page_header_v2.num_values, most);
    checkSecondVersion(page, packed, { column, values });
    return values;
  }
  if (page.dictionary_page_header && page.type === "DICTIONARY_PAGE") {
    countOf("entries of a dictionary", page.dictionary_page_header.num_values, mostValues);
    return 0;
  }
  throw new Error(`a page of type ${page.type}`);
}

interface DataPage {
  readonly column: Column;
  readonly values: number;
  readonly encoding: string;
}

/** Levels and values lie one behind the other, each block of levels behind its length. */
function checkFirstVersion(view: DataView, { column, values, encoding }: DataPage): void {
  const [repetition, definition] = levelsOf(column);
  const definitionsAt = afterLevels(view, 0, { width: bitWidth(repetition), values });
  const valuesAt = afterLevels(view, definitionsAt, { width: bitWidth(definition), values });
  if (!hasRuns(encoding)) return;
  const nulls = definition === 0 ? 0 : nullsAt(view, definitionsAt, { values, definition });
  checkValues(view, valuesAt, { column, values: values - nulls, encoding });
}

function afterLevels(view: DataView, at: number, runs: { width: number; values: number }): number {
  if (runs.width === 0) return at;
  checkRuns(view, at + 4, runs);
  return at + 4 + view.getUint32(at, true);
}

function nullsAt(view: DataView, at: number, { values, definition }: { values: number; definition: number }): number {
  const levels = new Array<number>(values);
  readRleBitPackedHybrid({ view, offset: at }, bitWidth(definition), levels);
  return levels.reduce((nulls, level) => nulls - Number(level === definition), values);
}

/** Levels stand before the compressed part, their lengths in the page's header. */
function checkSecondVersion(page: Page, packed: Uint8Array, { column, values }: Omit<DataPage, "encoding">): void {
  const header = page.data_page_header_v2!;
  const nulls = countOf("nulls of a page", header.num_nulls, values);
  const repetitions = countOf("bytes of levels", header.repetition_levels_byte_length, packed.length);
  const levels =
    repetitions + countOf("bytes of levels", header.definition_levels_byte_length, packed.length - repetitions);
  const [repetition, definition] = levelsOf(column);
  if (repetition > 0) checkRuns(viewOf(packed), 0, { width: bitWidth(repetition), values });
  if (definition > 0) checkRuns(viewOf(packed), repetitions, { width: bitWidth(definition), values });
  if (!hasRuns(header.encoding)) return;
  const rest = packed.subarray(levels);
  const isPacked = header.is_compressed !== false;
  const bytes = isPacked ? decompressPage(rest, page.uncompressed_page_size - levels, column.meta.codec, codecs) : rest;
  checkValues(viewOf(bytes), 0, { column, values: values - nulls, encoding: header.encoding });
}

const hasRuns = (encoding: string): boolean => /^(PLAIN_DICTIONARY|RLE_DICTIONARY|RLE)$/.test(encoding);

function checkValues(view: DataView, at: number, { column, values, encoding }: DataPage): void {
  const { type } = column.path.at(-1)!.element;
  if ((encoding === "RLE") !== (type === "BOOLEAN")) throw new Error(`${type} values encoded as ${encoding}`);
  if (encoding === "RLE") {
    checkRuns(view, at + 4, { width: 1, values });
    return;
  }
  const width = countOf("bits of an index", view.getUint8(at), 32);
  // In a dictionary of one entry all indices are zero, and pages of the first version then end here.
  if (width > 0 || view.byteLength > at + 1) checkRuns(view, at + 1, { width, values });
}

const levelsOf = ({ path }: Column): [repetition: number, definition: number] => [
  getMaxRepetitionLevel(path),
  getMaxDefinitionLevel(path),
];

const bitWidth = (largest: number): number => 32 - Math.clz32(largest);
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function countOf(what: string, found: number | bigint | undefined, most: number): number {
  const count = Number(found);
  if (Number.isSafeInteger(count) && count >= 0 && count <= most) return count;
  throw new Error(`${found} ${what} where at most ${most} are possible`);
}
