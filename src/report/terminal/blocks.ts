import stringWidth from "string-width";
import { longestWord } from "./broken.ts";
import type { Column, ColumnWidths, FittedColumn } from "./columns.ts";

/** Columns that stay together, and what stands above them; an empty label for nothing. */
export interface Unit<One extends Column = Column> {
  readonly label: string;
  readonly columns: readonly One[];
}

type FittedUnit = Unit<FittedColumn>;

/** What stands side by side: the names of the rows, then as many units as fit. */
export type Block = readonly FittedUnit[];

/** Between two columns. */
export const gap = "  ";

/**
 * Lays a table out within a width. What fits stands side by side; else headings go on several lines, then long texts;
 * else the table goes on below with the names repeated, and columns under one label stay together where they fit at all.
 */
export function blocksOf(
  names: readonly Column[],
  units: readonly Unit[],
  { width }: { readonly width: number },
): readonly Block[] {
  const all = [{ label: "", columns: names }, ...units];
  const natural = all.map((unit) => fitted(unit, { by: "natural" }));
  if (totalWidth(natural) <= width) return [natural];
  const tight = withTextsOnLines(
    all.map((unit) => fitted(unit, { by: "tight" })),
    width,
  );
  if (totalWidth(tight) <= width) return [tight];
  return below(names, units, { width });
}

/** A text that takes less than this stays on one line while that is possible. */
const shortText = 24;

/** Columns of texts narrowed, but for those under a label, which would be broken with them. */
function withTextsOnLines(block: Block, width: number): Block {
  const isFree = new Set(block.flatMap(({ label, columns }) => (label === "" ? columns : [])));
  const floorOf = (column: FittedColumn): number =>
    isFree.has(column) && !column.isNumeric ? Math.max(column.takes.least, shortText) : column.width;
  const columns = block.flatMap((unit) => unit.columns);
  const narrower = narrowed(columns, { by: totalWidth(block) - width, floorOf });
  const found = new Map(columns.map((column, at) => [column, narrower[at]!]));
  return block.map((unit) => ({ ...unit, columns: unit.columns.map((column) => found.get(column)!) }));
}

/**
 * Of all widths that the names may have, the one with which the table has the fewest lines; the widest of equals. What
 * is torn from its label counts as much as two more headings.
 */
function below(names: readonly Column[], units: readonly Unit[], { width }: { readonly width: number }): Block[] {
  const natural = totalWidth([fitted({ label: "", columns: names }, { by: "natural" })]);
  const widestValue = Math.max(0, ...units.flatMap(({ columns }) => columns.map(({ takes }) => takes.tight)));
  // The names never take so much that a column beside them is broken, unless that left them less than a third.
  const most = Math.min(natural, Math.max(width - gap.length - widestValue, Math.floor(width / 3)));
  const least = Math.min(most, shortText * names.length);
  const tried = Array.from({ length: most - least + 1 }, (_, at) => {
    const blocks = blocksBeside(namesWithin(names, most - at), units, { width });
    const torn = blocks.flat().length - blocks.length - units.length;
    return { blocks, lines: blocks.length * linesOf(blocks[0]![0]!) + 2 * torn * headingLines };
  });
  return tried.reduce((best, one) => (one.lines < best.lines ? one : best)).blocks;
}

/** About how many lines the names of all rows take. */
function linesOf({ columns }: FittedUnit): number {
  const heights = columns[0]?.widths.map((_, row) =>
    Math.max(...columns.map(({ widths, width }) => Math.ceil(widths[row]! / width)), 1),
  );
  return (heights ?? []).reduce((sum, height) => sum + height, headingLines);
}

/** About what a heading with its label, its rule and the line before it take. */
const headingLines = 4;

function blocksBeside(shownNames: FittedUnit, units: readonly Unit[], { width }: { readonly width: number }): Block[] {
  const room = width - totalWidth([shownNames]) - gap.length;
  const blocks: FittedUnit[][] = [];
  for (const part of units.flatMap((unit) => partsOf(unit, room))) {
    const block = blocks.at(-1);
    if (block !== undefined && totalWidth([...block, part]) <= room) block.push(part);
    else blocks.push([part]);
  }
  return blocks.map((block) => [shownNames, ...relaxed(block, room)]);
}

/** No word of a name is broken as long as another column of names can give. */
function namesWithin(names: readonly Column[], room: number): FittedUnit {
  const unit = fitted({ label: "", columns: names }, { by: "natural" });
  const whole = narrowed(unit.columns, { by: totalWidth([unit]) - room, floorOf: ({ takes }) => takes.least });
  const by = totalWidth([{ label: "", columns: whole }]) - room;
  return { label: "", columns: narrowed(whole, { by, floorOf: () => narrowest }) };
}

/** A wide character must have room. */
const narrowest = 2;

/** A unit as it is where it fits; else as many of its columns at a time as fit, the label above each part. */
function partsOf({ label, columns }: Unit, room: number): FittedUnit[] {
  const parts: Unit[] = [];
  for (const column of columns) {
    const longer = { label, columns: [...(parts.at(-1)?.columns ?? []), column] };
    const isBeside = totalWidth([fitted(longer, { by: "tight", room })]) <= room;
    if (isBeside && parts.length > 0) parts.splice(-1, 1, longer);
    else parts.push({ label, columns: [column] });
  }
  return parts.map((part) => fitted(part, { by: "tight", room }));
}

/** Headings and labels on one line again where the block has room for it. */
function relaxed(block: Block, room: number): Block {
  const natural = block.map((unit) => fitted(unit, { by: "natural" }));
  return totalWidth(natural) <= room ? natural : block;
}

interface FitOptions {
  readonly by: keyof ColumnWidths;
  /** No column becomes wider; one that would is broken. */
  readonly room?: number;
}

/** A unit with the width of each column; the last takes what the label needs more. */
function fitted({ label, columns }: Unit, { by, room = Number.POSITIVE_INFINITY }: FitOptions): FittedUnit {
  const found = columns.map((column) => ({ ...column, width: Math.min(column.takes[by], room) }));
  const wanted = Math.min(by === "natural" ? stringWidth(label) : longestWord(label), room);
  const missing = Math.max(0, wanted - totalWidth([{ label, columns: found }]));
  return {
    label,
    columns: found.map((column, at) => ({ ...column, width: column.width + (at === found.length - 1 ? missing : 0) })),
  };
}

interface NarrowOptions {
  /** How much too wide they are together. */
  readonly by: number;
  /** What a column keeps. */
  readonly floorOf: (column: FittedColumn) => number;
}

/** Columns that give, the widest first, until they fit or all are down to what they keep. */
function narrowed(columns: readonly FittedColumn[], { by, floorOf }: NarrowOptions): FittedColumn[] {
  const [widths, floors] = [columns.map(({ width }) => width), columns.map(floorOf)];
  for (let over = by; over > 0; over--) {
    const able = widths.map((width, at) => (width > floors[at]! ? width : 0));
    const most = Math.max(0, ...able);
    if (most === 0) break;
    widths[able.indexOf(most)]!--;
  }
  return columns.map((column, at) => ({ ...column, width: widths[at]! }));
}

/** The width of columns side by side. */
export function totalWidth(block: Block): number {
  const widths = block.flatMap(({ columns }) => columns.map(({ width }) => width));
  return widths.reduce((sum, width) => sum + width, gap.length * Math.max(0, widths.length - 1));
}
