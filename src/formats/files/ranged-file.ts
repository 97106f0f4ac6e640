import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { AssayError } from "#base";
import { type ByteSource, cutShort } from "./byte-source.ts";

/** Node refuses reads beyond 2 GiB, and Linux cuts them a page short of it. */
const largestRead = 2 ** 30;

/** A file open for reading at any position. */
export class RangedFile implements ByteSource {
  readonly path: string;
  readonly size: number;
  readonly #descriptor: number;

  /** @throws AssayError FILE_MISSING when it cannot be opened */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = opened(path);
    this.size = fstatSync(this.#descriptor).size;
  }

  /** Fills `target` from `position` on. @throws AssayError FILE_DAMAGED when the file ends before that */
  readInto(target: Uint8Array, position: number): void {
    for (let at = 0; at < target.length; ) {
      const length = Math.min(target.length - at, largestRead);
      const count = readSync(this.#descriptor, target, at, length, position + at);
      if (count === 0) throw cutShort(this.path, { expected: target.length, position, got: at });
      at += count;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === "ENOENT" ? "found none" : `got ${(cause as Error).message}`;
    throw new AssayError("FILE_MISSING", `read: Expected a file at ${path}, ${reason}`, { cause });
  }
}
