import { constants } from "node:buffer";
import { damaged } from "./objects.ts";

/** How many bytes the result of a delta has, without making it. */
export function deltaResultSize(delta: Buffer): number {
  return sizeAt(delta, sizeAt(delta, 0).next).size;
}

/**
 * Makes a text from an older one and the instructions that lead to it.
 *
 * An instruction with its high bit set copies a part of `base`; another one inserts as many bytes as it says.
 *
 * Source   git, Documentation/gitformat-pack.txt, "Deltified representation"
 *
 * @throws AssayError GIT_DAMAGED
 */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const source = sizeAt(delta, 0);
  const target = sizeAt(delta, source.next);
  if (source.size !== base.length) throw damaged("a delta", `a base of ${source.size} bytes`);
  if (target.size > constants.MAX_LENGTH) throw damaged("a delta", "a size that a computer can hold");
  const result = Buffer.allocUnsafe(target.size);
  let written = 0;
  for (let at = target.next; at < delta.length; ) {
    const code = delta[at++]!;
    if (code < 0x80) {
      written += delta.copy(result, written, at, at + code);
      at += code;
      continue;
    }
    const copy = copyAt(delta, at, code);
    written += base.copy(result, written, copy.start, copy.start + copy.length);
    at = copy.next;
  }
  if (written !== target.size) throw damaged("a delta", `${target.size} bytes`);
  return result;
}

/** Bits 0 to 3 of the code say which bytes of the offset follow, bits 4 to 6 which of the length. */
function copyAt(delta: Buffer, from: number, code: number): { start: number; length: number; next: number } {
  let at = from;
  let start = 0;
  let length = 0;
  for (let bit = 0; bit < 4; bit++) if (code & (1 << bit)) start += delta[at++]! * 2 ** (8 * bit);
  for (let bit = 0; bit < 3; bit++) if (code & (16 << bit)) length += delta[at++]! * 2 ** (8 * bit);
  return { start, length: length === 0 ? 0x10000 : length, next: at };
}

function sizeAt(bytes: Buffer, from: number): { size: number; next: number } {
  let size = 0;
  for (let at = from, scale = 1; at < bytes.length; at++, scale *= 128) {
    size += (bytes[at]! & 0x7f) * scale;
    if (bytes[at]! < 0x80) return { size, next: at + 1 };
  }
  throw damaged("a delta", "its sizes");
}
