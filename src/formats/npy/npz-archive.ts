import { AssayError, type Tensor } from "#base";
import { RangedFile } from "../files/ranged-file.ts";
import { readZipDirectory, unpackedPart, type ZipEntry } from "../files/zip.ts";
import { tensorFrom } from "./read-npy.ts";

const suffix = ".npy";

/** The arrays of an NPZ archive; each is read when it is asked for. */
export class NpzArchive {
  readonly #file: RangedFile;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  /** @throws AssayError ARCHIVE_INVALID, FILE_MISSING */
  constructor(path: string) {
    this.#file = new RangedFile(path);
    try {
      const entries = readZipDirectory(this.#file).filter(({ name }) => name.endsWith(suffix));
      this.#entries = new Map(entries.map((entry) => [entry.name.slice(0, -suffix.length), entry]));
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** @throws AssayError TENSOR_MISSING, ARCHIVE_INVALID, NPY_INVALID, DTYPE_UNSUPPORTED */
  read(name: string): Tensor {
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      const known = this.names.join(", ");
      throw new AssayError("TENSOR_MISSING", `npz: ${this.#file.path} has no array "${name}"; it has ${known}`);
    }
    return tensorFrom(unpackedPart(this.#file, entry));
  }

  close(): void {
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
