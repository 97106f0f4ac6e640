import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import type { Columns, ColumnType } from "./columns.ts";
import type { Cell, Row } from "./rows.ts";

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
