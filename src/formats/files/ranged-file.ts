import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { AssayError } from "#base";
import { type ByteSource, cutShort } from "./byte-source.ts";

/** Node refuses reads beyond 2 GiB, and Linux cuts them a page short of it. */
const largestRead = 2 ** 30;

/** A file open for reading at any position. */
export class RangedFile implements ByteSource {
  readonly path: string;
  readonly size: number;
  #descriptor: number | undefined;

  /** @throws AssayError FILE_MISSING when it cannot be opened */
  constructor(path: string) {
    this.path = path;
    const descriptor = opened(path);
    this.#descriptor = descriptor;
    this.size = fstatSync(descriptor).size;
  }

  /** Fills `target` from `position` on. @throws AssayError FILE_DAMAGED when the file ends before that, FILE_CLOSED */
  readInto(target: Uint8Array, position: number): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) {
      throw new AssayError("FILE_CLOSED", `read: Expected ${this.path} to be open, got one that was closed`);
    }
    for (let at = 0; at < target.length; ) {
      const length = Math.min(target.length - at, largestRead);
      const count = readSync(descriptor, target, at, length, position + at);
      if (count === 0) throw cutShort(this.path, { expected: target.length, position, got: at });
      at += count;
    }
  }

  /** Closes it once: the system gives the number of a closed file to the next one that is opened. */
  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function opened(path: string): number {
  try {
    // A folder opens and cannot be read; a pipe waits for a writer that may never come.
    if (!statSync(path).isFile()) throw new Error("something that is no regular file");
    return openSync(path, "r");
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === "ENOENT" ? "found none" : `got ${(cause as Error).message}`;
    throw new AssayError("FILE_MISSING", `read: Expected a file at ${path}, ${reason}`, { cause });
  }
}
