import stringWidth from "string-width";
import { longestWord, widest } from "./broken.ts";

/** A column of a table for the terminal. */
export interface Column {
  readonly heading: string;
  /** On one line each; numbers stand below each other, and so does what follows them. */
  readonly cells: readonly string[];
  readonly isNumeric: boolean;
  /** Of each cell. */
  readonly widths: readonly number[];
  readonly takes: ColumnWidths;
}

/** What a column takes in cells of the terminal, measured once: a table is laid out in many ways before one is chosen. */
export interface ColumnWidths {
  /** With everything on one line. */
  readonly natural: number;
  /** With a heading on as many lines as it has words. */
  readonly tight: number;
  /** Less than this breaks a word. */
  readonly least: number;
}

/** A column and how many cells of the terminal it takes. */
export interface FittedColumn extends Column {
  readonly width: number;
}

/** A column of a heading and what stands below it. */
export function columnOf(heading: string, cells: readonly string[]): Column {
  const isNumeric = cells.length > 0 && cells.every((cell) => /^$|^[–—-]$|^[-−+~≤≥<>]?\d/.test(cell));
  const shown = isNumeric ? alignedNumbers(cells) : cells;
  const widths = shown.map((cell) => stringWidth(cell));
  const most = widths.reduce((one, other) => Math.max(one, other), 0);
  const takes = {
    natural: Math.max(stringWidth(heading), most),
    tight: Math.max(longestWord(heading), most),
    least: [heading, ...cells].reduce((longest, text) => Math.max(longest, longestWord(text)), 0),
  };
  return { heading, cells: shown, isNumeric, widths, takes };
}

/** "7.50 [5.00, 10.00]" and "12.00": the numbers end below each other, what follows them begins below each other. */
function alignedNumbers(cells: readonly string[]): string[] {
  const pairs = cells.map((cell) => {
    const at = cell.indexOf(" ");
    return at < 0 ? [cell, ""] : [cell.slice(0, at), cell.slice(at)];
  }) as [number: string, rest: string][];
  const [numbers, rests] = [widest(pairs.map(([number]) => number)), widest(pairs.map(([, rest]) => rest))];
  return pairs.map(([number, rest]) => padded(number, numbers, { isNumeric: true }) + padded(rest, rests));
}

/** A text filled up to a width by what a terminal shows: a CJK character takes two cells, a combining mark none. */
export function padded(
  text: string,
  width: number,
  { isNumeric = false }: { readonly isNumeric?: boolean } = {},
): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return isNumeric ? space + text : text + space;
}
