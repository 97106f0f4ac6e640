import { RangedFile } from "../files/ranged-file.ts";
import { linesOf } from "./lines.ts";
import { type NumberedRow, type Row, type TableRow, tableFault } from "./rows.ts";

/** Rows as lines of JSON. */
export function* jsonLines(rows: Iterable<Row>): Generator<string> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/** The rows of a JSONL file; blank lines are skipped. @throws AssayError FILE_MISSING, TABLE_INVALID with the line */
export function* readJsonl(file: string): Generator<NumberedRow> {
  const source = new RangedFile(file);
  try {
    for (const { text, line } of linesOf(source)) {
      if (text.trim() !== "") yield { row: parseRow(text, { file, line }), line };
    }
  } finally {
    source.close();
  }
}

function parseRow(text: string, { file, line }: { file: string; line: number }): TableRow {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const problem = `Expected one JSON object a line, got a syntax error (${(cause as Error).message})`;
    throw tableFault(file, { problem, line, cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as TableRow;
  throw tableFault(file, { problem: `Expected one JSON object a line, got ${text.slice(0, 60)}`, line });
}
