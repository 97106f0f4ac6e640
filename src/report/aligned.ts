import stringWidth from "string-width";
import { visibleLine } from "./visible.ts";

/**
 * A table for the terminal: columns padded to their widest cell, numbers to the right, everything else to the left. What
 * would steer the terminal is shown as a sign. A table wider than `width` goes on below, its first column repeated.
 */
export function alignedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { width = Number.POSITIVE_INFINITY }: { readonly width?: number } = {},
): string {
  const shown = [header, ...rows].map((row) => header.map((_, at) => visibleLine(row[at] ?? "")));
  const columns = header.map((_, at) => columnOf(shown.map((row) => row[at]!)));
  return blocksOf(columns, width)
    .map((block) =>
      shown
        .map((_, at) => lineOf(block, at))
        .toSpliced(1, 0, ruleOf(block))
        .join("\n"),
    )
    .join("\n\n");
}

interface Column {
  readonly cells: readonly string[];
  readonly width: number;
  readonly isNumeric: boolean;
}

function columnOf(cells: readonly string[]): Column {
  const below = cells.slice(1);
  const isNumeric = below.length > 0 && below.every((cell) => /^$|^[–—-]$|^[-−+~≤≥<>]?\d/.test(cell));
  return { cells, width: Math.max(...cells.map((cell) => stringWidth(cell))), isNumeric };
}

const gap = "  ";

/** As many columns a block as fit, at least one beside the first. */
function blocksOf([first, ...others]: readonly Column[], width: number): Column[][] {
  if (first === undefined) return [[]];
  const blocks: Column[][] = [[first]];
  let used = first.width;
  for (const column of others) {
    const block = blocks.at(-1)!;
    const needed = gap.length + column.width;
    if (block.length > 1 && used + needed > width) {
      blocks.push([first, column]);
      used = first.width + needed;
    } else {
      block.push(column);
      used += needed;
    }
  }
  return blocks;
}

const lineOf = (block: readonly Column[], at: number): string =>
  block
    .map(({ cells, width, isNumeric }) => pad(cells[at]!, width, isNumeric))
    .join(gap)
    .trimEnd();

const ruleOf = (block: readonly Column[]): string => block.map(({ width }) => "─".repeat(width)).join(gap);

// Padded by what a terminal shows: a CJK character takes two cells, a combining mark none.
function pad(cell: string, width: number, toTheRight: boolean): string {
  const space = " ".repeat(width - stringWidth(cell));
  return toTheRight ? space + cell : cell + space;
}
