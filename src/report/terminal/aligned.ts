import stringWidth from "string-width";
import type { TableSpan } from "../table.ts";
import { visibleLine } from "../visible.ts";
import { type Block, blocksOf, gap, totalWidth, type Unit } from "./blocks.ts";
import { brokenLines } from "./broken.ts";
import { type Column, columnOf, type FittedColumn, padded } from "./columns.ts";

/** How a table is laid out. */
export interface AlignedTableOptions {
  /** How many cells a line may take; unlimited when absent. */
  readonly width?: number;
  /** How many columns at the left say what a row is about; they are repeated where the table goes on below. */
  readonly names?: number;
  /** Headings over the columns that follow the names, from left to right; their columns stay together. */
  readonly spans?: readonly TableSpan[];
}

/**
 * A table for the terminal: numbers below each other to the right, everything else to the left. What would steer the
 * terminal is shown as a sign. A table that is wider than `width` goes on below with its names repeated; nothing is cut.
 */
export function alignedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { width = Number.POSITIVE_INFINITY, names = 1, spans = [] }: AlignedTableOptions = {},
): string {
  const columns = header.map((heading, at) => {
    const cells = rows.map((row) => visibleLine(row[at] ?? ""));
    return columnOf(visibleLine(heading), cells);
  });
  const units = unitsOf(columns.slice(names), spans);
  return blocksOf(columns.slice(0, names), units, { width })
    .map((block) => blockLines(block, rows.length).join("\n"))
    .join("\n\n");
}

/** Columns under one heading are a unit; a column under none is one alone. */
function unitsOf(columns: readonly Column[], spans: readonly TableSpan[]): Unit[] {
  const units: Unit[] = [];
  let at = 0;
  for (const span of spans) {
    units.push({ label: visibleLine(span.label), columns: columns.slice(at, at + span.columns) });
    at += span.columns;
  }
  return [...units, ...columns.slice(at).map((column) => ({ label: "", columns: [column] }))];
}

function blockLines(block: Block, rows: number): string[] {
  const columns = block.flatMap((unit) => unit.columns);
  const headings = columns.map((column) => brokenLines(column.heading, column));
  const labelled = block.some(({ label }) => label !== "") ? labelLines(block) : [];
  const below = Array.from({ length: rows }, (_, row) => rowLines(columns, row));
  const rule = columns.map(({ width }) => "─".repeat(width)).join(gap);
  return [...labelled, ...sideBySide(columns, headings, { atBottom: true }), rule, ...below.flat()];
}

/** Each label with a line as long as what it spans; on several lines, in the middle of it. */
function labelLines(block: Block): string[] {
  const places = block.map((unit) => ({ width: totalWidth([unit]), isNumeric: false }));
  const labels = block.map(({ label }, at) => labelOver(label, places[at]!.width));
  return sideBySide(places, labels, { atBottom: true });
}

function labelOver(label: string, width: number): string[] {
  const lines = brokenLines(label, { width });
  const left = width - stringWidth(label);
  if (label === "" || lines.length > 1 || left < 2) return lines;
  const before = Math.floor((left - 2) / 2);
  return [`${"─".repeat(before)} ${label} ${"─".repeat(left - 2 - before)}`];
}

/** A name that is broken goes on a little to the right, so that the next row's is not taken for it. */
function rowLines(columns: readonly FittedColumn[], row: number): string[] {
  const cells = columns.map(({ cells, width, isNumeric }) => {
    const cell = cells[row]!;
    return stringWidth(cell) <= width ? [cell] : brokenLines(cell.trim(), { width, hangs: !isNumeric });
  });
  return sideBySide(columns, cells);
}

/** Cells of several lines beside each other. */
function sideBySide(
  columns: readonly Pick<FittedColumn, "width" | "isNumeric">[],
  cells: readonly (readonly string[])[],
  { atBottom = false }: { readonly atBottom?: boolean } = {},
): string[] {
  const height = Math.max(0, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    columns
      .map((column, place) => {
        const lines = cells[place]!;
        return padded(lines[atBottom ? at - (height - lines.length) : at] ?? "", column.width, column);
      })
      .join(gap)
      .trimEnd(),
  );
}
