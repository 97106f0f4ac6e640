import { AssayError } from "#base";

/** Bytes that can be read at any position: a file, a part of one, or memory. */
export interface ByteSource {
  /** For messages. */
  readonly path: string;
  readonly size: number;
  /** Fills `target` from `position` on. @throws AssayError FILE_DAMAGED when the source ends before that */
  readInto(target: Uint8Array, position: number): void;
}

/** Bytes in memory as a source. */
export function memorySource(path: string, bytes: Uint8Array): ByteSource {
  return {
    path,
    size: bytes.length,
    readInto(target, position) {
      const part = bytes.subarray(position, position + target.length);
      if (part.length < target.length) throw cutShort(path, { expected: target.length, position, got: part.length });
      target.set(part);
    },
  };
}

/** A part of another source, from `start` on. */
export function partOf(source: ByteSource, part: { path: string; start: number; size: number }): ByteSource {
  const { path, start, size } = part;
  return {
    path,
    size,
    readInto(target, position) {
      if (position + target.length > size) {
        throw cutShort(path, { expected: target.length, position, got: Math.max(0, size - position) });
      }
      source.readInto(target, start + position);
    },
  };
}

/** `length` bytes from `position` on, in a buffer of their own. */
export function bytesAt(source: ByteSource, position: number, length: number): Uint8Array<ArrayBuffer> {
  const target = new Uint8Array(length);
  source.readInto(target, position);
  return target;
}

/** The error of a source that ends too early. */
export function cutShort(path: string, found: { expected: number; position: number; got: number }): AssayError {
  const { expected, position, got } = found;
  const claim = `Expected ${expected} bytes at ${position} of ${path}, got ${got}`;
  return new AssayError("FILE_DAMAGED", `read: ${claim}; it is cut short, fetch or write it again`);
}
