import { textOfLetters, utf8Length } from "./byte-level.ts";

/** For each UTF-16 unit of a piece, the range of the section's text that it stands for. */
export interface PieceUnits {
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Where the next piece is looked for. */
  readonly cursor: number;
}

/** A section's text, in which pieces are looked for from `cursor` on. */
export interface PiecePlace {
  readonly text: string;
  readonly cursor: number;
  readonly spelling: PieceSpelling;
}

/** How pieces spell the text: as letters for its bytes, with U+2581 for its spaces, or as it is. */
export type PieceSpelling = "bytes" | "metaspace" | "plain";

const plain = (text: string): string => text.replaceAll("\u2581", " ");

/**
 * Where a piece that the pre-tokenizer cut lies in its text. Pre-tokenizers put a space in front, write spaces as U+2581,
 * write bytes as letters, or leave text out, but they never change the order.
 */
export function unitsOf(piece: string, { text, cursor, spelling }: PiecePlace): PieceUnits {
  const spelled = spelling === "bytes" ? textOfLetters(piece) : undefined;
  const surface = spelled ?? piece;
  const { at, added } =
    spelling === "metaspace" ? placeOf(plain(surface), plain(text), cursor) : placeOf(surface, text, cursor);
  const spread = spelled === undefined ? unitSpread : byteSpread;
  const { from, to } = spread(surface, at - added, at);
  return { from, to, cursor: Math.max(cursor, at + surface.length - added) };
}

function placeOf(surface: string, text: string, cursor: number): { at: number; added: number } {
  if (text.startsWith(surface, cursor)) return { at: cursor, added: 0 };
  if (surface.startsWith(" ") && text.startsWith(surface.slice(1), cursor)) return { at: cursor, added: 1 };
  const found = text.indexOf(surface, cursor);
  if (found >= 0) return { at: found, added: 0 };
  const without = surface.startsWith(" ") ? text.indexOf(surface.slice(1), cursor) : -1;
  return without >= 0 ? { at: without, added: 1 } : { at: cursor, added: 0 };
}

/** A unit that was put in front stands for nothing, at the place of what follows. */
function unitSpread(surface: string, start: number, least: number): { from: number[]; to: number[] } {
  const from = Array.from(surface.split(""), (_, unit) => Math.max(least, start + unit));
  const to = from.map((_, unit) => Math.max(least, start + unit + 1));
  return { from, to };
}

/** One unit a byte; each byte of a character stands for all of it. */
function byteSpread(surface: string, start: number, least: number): { from: number[]; to: number[] } {
  const from: number[] = [];
  const to: number[] = [];
  let at = start;
  for (const character of surface) {
    for (let byte = 0; byte < utf8Length(character.codePointAt(0)!); byte++) {
      from.push(Math.max(least, at));
      to.push(Math.max(least, at + character.length));
    }
    at += character.length;
  }
  return { from, to };
}
