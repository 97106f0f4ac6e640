import { AssayError, sizeOf, type Tensor } from "#base";
import { storageTypes } from "../checkpoints/storage-types.ts";
import { partOf } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { npyFault, readNpyHeader } from "./npy-header.ts";
import { tensorOf } from "./read-npy.ts";

/** An NPY file whose rows are read as they are asked for, so that it may be larger than memory. */
export class NpyRows {
  readonly shape: readonly number[];
  readonly #file: RangedFile;
  readonly #header: ReturnType<typeof readNpyHeader>;

  /** @throws AssayError NPY_INVALID, DTYPE_UNSUPPORTED, FILE_MISSING */
  constructor(path: string) {
    this.#file = new RangedFile(path);
    try {
      this.#header = readNpyHeader(this.#file);
      this.shape = this.#header.shape;
      const length = sizeOf(this.shape) * storageTypes[this.#header.storage].bytes;
      if (this.#header.position + length !== this.#file.size) {
        const got = `${this.#file.size - this.#header.position} bytes for shape [${this.shape.join(", ")}] of ${length}`;
        throw npyFault(this.#file, got);
      }
      if (this.#header.fortranOrder && this.shape.length > 1)
        throw npyFault(this.#file, "columns first; save it in C order");
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /** Rows `from` to `to` (excluded) along the first axis. @throws AssayError RANGE_INVALID, FILE_DAMAGED */
  readRows(from: number, to: number): Tensor {
    const [rows = 1, ...rest] = this.shape;
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= rows)) {
      throw new AssayError(
        "RANGE_INVALID",
        `npy: Expected rows within ${this.#file.path}'s ${rows}, got ${from} to ${to}`,
      );
    }
    const { storage, position } = this.#header;
    const width = sizeOf(rest) * storageTypes[storage].bytes;
    const part = partOf(this.#file, {
      path: this.#file.path,
      start: position + from * width,
      size: (to - from) * width,
    });
    return tensorOf(part, { ...this.#header, position: 0, shape: [to - from, ...rest] });
  }

  close(): void {
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
