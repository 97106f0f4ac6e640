/** Small Parquet files with the nesting of the official ones, for tests. */
import { parquetWriteBuffer, type SchemaElement } from "hyparquet-writer";

/** The bytes of a file of rows whose cells may be lists and groups; every row has the first one's columns. */
export function nestedParquet(rows: readonly Readonly<Record<string, unknown>>[]): Buffer {
  const [first] = rows;
  const names = Object.keys(first!);
  const schema = [
    { name: "root", num_children: names.length },
    ...names.flatMap((name) => elementOf(name, first![name])),
  ];
  const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name]) }));
  return Buffer.from(parquetWriteBuffer({ columnData, schema: schema as SchemaElement[] }));
}

function elementOf(name: string, value: unknown): object[] {
  const optional = { name, repetition_type: "OPTIONAL" };
  if (typeof value === "number") return [{ ...optional, type: "INT32" }];
  if (Array.isArray(value)) {
    const list = { name: "list", repetition_type: "REPEATED", num_children: 1 };
    return [{ ...optional, converted_type: "LIST", num_children: 1 }, list, ...elementOf("element", value[0] ?? "")];
  }
  if (typeof value === "object" && value !== null) {
    const children = Object.entries(value);
    return [
      { ...optional, num_children: children.length },
      ...children.flatMap(([key, child]) => elementOf(key, child)),
    ];
  }
  return [{ ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" }];
}
