import { type ByteSource, bytesAt } from "../files/byte-source.ts";
import { tableFault } from "./rows.ts";

const chunkSize = 2 ** 16;
const newline = 10;

/** One line of a text file, counted from 1, without its end. */
export interface Line {
  readonly text: string;
  readonly line: number;
}

/** The lines of a UTF-8 file, read piece by piece. @throws AssayError TABLE_INVALID for bytes that are no UTF-8 */
export function* linesOf(source: ByteSource): Generator<Line> {
  let line = 1;
  let pieces: Uint8Array[] = []; // joined once a line, so that a line of many pieces stays linear
  for (let position = 0; position < source.size; position += chunkSize) {
    const chunk = bytesAt(source, position, Math.min(chunkSize, source.size - position));
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield decoded(source, { pieces: [...pieces, chunk.subarray(start, end)], line });
      pieces = [];
      line++;
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  if (pieces.length > 0) yield decoded(source, { pieces, line });
}

function decoded(source: ByteSource, { pieces, line }: { pieces: readonly Uint8Array[]; line: number }): Line {
  try {
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), line };
  } catch (cause) {
    throw tableFault(source.path, { problem: "Expected UTF-8, got other bytes; save it as UTF-8", line, cause });
  }
}

/** Writes lines in pieces of some size, their ends included; returns how many. */
export function appendLines(append: (bytes: Uint8Array) => void, lines: Iterable<string>): number {
  let pending: string[] = [];
  let length = 0;
  let count = 0;
  const flush = () => {
    append(Buffer.from(pending.join("")));
    pending = [];
    length = 0;
  };
  for (const line of lines) {
    pending.push(line);
    length += line.length;
    count++;
    if (length >= chunkSize) flush();
  }
  flush();
  return count;
}
