/** Reading one row of an official Parquet: what a column must be, and where it is not. */
import { AssayError } from "#base";
import type { TableRow } from "#formats";

/** One row of a data set, read column by column. */
export class Cells {
  readonly #row: TableRow;
  readonly #place: string;

  constructor(row: TableRow, place: string) {
    this.#row = row;
    this.#place = place;
  }

  /** Whether the column is there and not empty. */
  has(column: string): boolean {
    return this.#row[column] !== undefined && this.#row[column] !== null;
  }

  text(column: string): string {
    const value = this.#row[column];
    return typeof value === "string" ? value : this.#fail(column, "text");
  }

  /** Text, or nothing where the cell is empty. */
  optional(column: string): string | null {
    const value = this.#row[column];
    return value === null || value === undefined ? null : this.text(column);
  }

  number(column: string): number {
    const value = this.#row[column];
    return typeof value === "number" ? value : this.#fail(column, "a number");
  }

  /** A list of texts; a text that holds one, as Python or JSON writes it, is read too. */
  texts(column: string): readonly string[] {
    const value = this.#row[column];
    const list = typeof value === "string" ? literalList(value) : value;
    const isList = Array.isArray(list) && list.every((one) => typeof one === "string");
    return isList ? list : this.#fail(column, "a list of texts");
  }

  list(column: string): readonly unknown[] {
    const value = this.#row[column];
    const list = typeof value === "string" ? literalList(value) : value;
    return Array.isArray(list) ? list : this.#fail(column, "a list");
  }

  /** A group of columns, read in the same way. */
  group(column: string): Cells {
    const value = this.#row[column];
    const group = typeof value === "string" ? literalList(value) : value;
    const isGroup = typeof group === "object" && group !== null && !Array.isArray(group);
    return isGroup
      ? new Cells(group as TableRow, `${this.#place}, ${column}`)
      : this.#fail(column, "a group of columns");
  }

  /** A list of groups, or a group of lists of one length: hubs write the same table in both ways. */
  groups(column: string): readonly Cells[] {
    const value = this.#row[column];
    const read = typeof value === "string" ? literalList(value) : value;
    const rows = Array.isArray(read) ? read : columnsToRows(read);
    if (rows === undefined) return this.#fail(column, "a list of groups");
    return rows.map((row, at) => new Cells(row as TableRow, `${this.#place}, ${column} ${at}`));
  }

  #fail(column: string, expected: string): never {
    const value = this.#row[column];
    const got =
      value === undefined
        ? "nothing"
        : value === null
          ? "null"
          : `${typeof value} ${JSON.stringify(value)?.slice(0, 40)}`;
    throw new AssayError(
      "DATA_INVALID",
      `long-code-arena: ${this.#place}: Expected ${expected} under "${column}", got ${got}`,
    );
  }
}

/** A list as JSON or as Python's `repr` writes it; undefined for anything else. */
function literalList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return pythonStrings(text);
  }
}

/** `['a', "b"]`, the only literal that the data sets hold as text. */
function pythonStrings(text: string): string[] | undefined {
  const inside = /^\s*\[([\s\S]*)\]\s*$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const quoted = [...inside.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)];
  return quoted.map(([, single, double]) => (single ?? double!).replace(/\\(.)/g, "$1"));
}

function columnsToRows(value: unknown): Record<string, unknown>[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const columns = Object.entries(value);
  const [first] = columns;
  if (first === undefined || !columns.every(([, list]) => Array.isArray(list) && list.length === first[1].length))
    return undefined;
  return (first[1] as unknown[]).map((_, at) =>
    Object.fromEntries(columns.map(([name, list]) => [name, (list as unknown[])[at]])),
  );
}
