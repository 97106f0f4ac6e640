import { type Cell, type Row, tableFault } from "./rows.ts";

/** What all cells of a column are, nulls aside; `text` when they differ. */
export type ColumnType = "boolean" | "integer" | "number" | "text";

/** The columns of a table in the order in which they first came, and what they hold. */
export type Columns = ReadonlyMap<string, ColumnType>;

/** Passes rows on, checked, and notes their columns in `found`. @throws AssayError TABLE_INVALID */
export function* surveyed(rows: Iterable<Row>, { file, found }: Survey): Generator<Row> {
  let line = 0;
  for (const row of rows) {
    line++;
    for (const [name, cell] of Object.entries(row)) {
      if (!isCell(cell)) throw tableFault(file, { problem: `Expected a plain value in "${name}", got ${cell}`, line });
      note(found, name, cell);
    }
    yield row;
  }
}

interface Survey {
  /** For messages. */
  readonly file: string;
  readonly found: Map<string, ColumnType | undefined>;
}

/** A column of nulls alone counts as text. */
export function settled(found: Survey["found"]): Columns {
  return new Map([...found].map(([name, type]) => [name, type ?? "text"]));
}

function isCell(cell: unknown): cell is Cell | undefined {
  if (cell === null || cell === undefined) return true;
  return typeof cell === "number" ? Number.isFinite(cell) : typeof cell === "string" || typeof cell === "boolean";
}

function note(found: Survey["found"], name: string, cell: Cell | undefined): void {
  const before = found.get(name);
  if (cell === null || cell === undefined) {
    if (!found.has(name)) found.set(name, undefined);
    return;
  }
  found.set(name, before === undefined ? typeOf(cell) : joined(before, typeOf(cell)));
}

function typeOf(cell: string | number | boolean): ColumnType {
  if (typeof cell === "string") return "text";
  if (typeof cell === "boolean") return "boolean";
  return (cell | 0) === cell ? "integer" : "number"; // 32 bits, so that every reader gives numbers back
}

function joined(one: ColumnType, other: ColumnType): ColumnType {
  if (one === other) return one;
  const numeric = [one, other].every((type) => type === "integer" || type === "number");
  return numeric ? "number" : "text";
}
