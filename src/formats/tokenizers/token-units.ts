import { utf8Length } from "./byte-level.ts";

/** How a model writes its tokens. */
export interface TokenSpelling {
  /** In front of every token but a word's first: `##`. */
  readonly continuingPrefix: string;
  /** Behind a word's last token: `</w>`. */
  readonly endOfWord: string;
  /** An unknown token stands for the whole piece (WordPiece), for a run of characters, or for one. */
  readonly unknown: "piece" | "run" | "character";
}

/** The units of the piece that a token stands for. */
export type UnitRange = readonly [start: number, end: number];

const byteToken = /^<0x[0-9A-F]{2}>$/;

/** Which units of a piece each of its tokens stands for. */
export function unitRanges(tokens: readonly string[], piece: string, spelling: TokenSpelling): UnitRange[] {
  const ranges: UnitRange[] = [];
  let cursor = 0;
  let bytes = 0; // of the character at the cursor that byte tokens have already spelled
  for (const [index, token] of tokens.entries()) {
    const surface = surfaceOf(token, { cursor, isLast: index === tokens.length - 1, spelling });
    if (bytes === 0 && piece.startsWith(surface, cursor)) {
      ranges.push([cursor, cursor + surface.length]);
      cursor += surface.length;
    } else if (byteToken.test(token)) {
      const end = afterCharacter(piece, cursor);
      ranges.push([cursor, end]);
      bytes = (bytes + 1) % utf8Length(piece.codePointAt(cursor) ?? 0);
      if (bytes === 0) cursor = end;
    } else {
      const end = afterUnknown(piece, { cursor, next: tokens[index + 1], spelling });
      ranges.push([cursor, end]);
      cursor = end;
    }
  }
  return ranges;
}

interface Place {
  readonly cursor: number;
  readonly spelling: TokenSpelling;
}

function surfaceOf(token: string, { cursor, isLast, spelling }: Place & { isLast: boolean }): string {
  const { continuingPrefix, endOfWord } = spelling;
  const start =
    cursor > 0 && continuingPrefix !== "" && token.startsWith(continuingPrefix) ? continuingPrefix.length : 0;
  const end = isLast && endOfWord !== "" && token.endsWith(endOfWord) ? token.length - endOfWord.length : token.length;
  return token.slice(start, end);
}

const afterCharacter = (piece: string, at: number): number =>
  Math.min(piece.length, at + ((piece.codePointAt(at) ?? 0) > 0xffff ? 2 : 1));

function afterUnknown(piece: string, { cursor, next, spelling }: Place & { next: string | undefined }): number {
  const first = afterCharacter(piece, cursor);
  if (spelling.unknown === "character") return first;
  if (spelling.unknown === "piece" || next === undefined) return piece.length;
  const found = piece.indexOf(next, first);
  return found < 0 ? first : found;
}
