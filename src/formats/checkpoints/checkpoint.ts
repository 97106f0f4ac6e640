import { type ArrayOf, AssayError, arrayTypes, type DType, nearest, sizeOf, type Tensor } from "#base";
import type { RangedFile } from "../files/ranged-file.ts";
import { storageTypes } from "./storage-types.ts";
import { byteLengthOf, type StoredTensor } from "./stored-tensor.ts";
import { sameInMemory, widenings } from "./widen.ts";

/** Where the values go. */
export interface ReadOptions {
  /** An array of the right type and length to fill, so that a loop over layers reuses its memory. */
  readonly into?: ArrayOf[DType];
}

/** What a reader found: tensors by name, free text, and the files they lie in. */
export interface CheckpointContents {
  /** As a person would name it: the folder or file. */
  readonly path: string;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly files: readonly RangedFile[];
}

/** Widening goes through a buffer of this size: small enough for the cache, and memory stays flat. */
const chunkBytes = 2 ** 20;

/** Named tensors on disk. Opening reads names and shapes only; a tensor's bytes are read when they are asked for. */
export class Checkpoint {
  readonly path: string;
  /** In the order in which they lie on disk. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly #files: readonly RangedFile[];
  readonly #chunk = new Uint8Array(chunkBytes);

  constructor({ path, tensors, metadata, files }: CheckpointContents) {
    this.path = path;
    this.tensors = tensors;
    this.metadata = metadata;
    this.#files = files;
  }

  /** Where and how a tensor is stored. @throws AssayError TENSOR_MISSING, naming the closest */
  entry(name: string): StoredTensor {
    const found = this.tensors.get(name);
    if (found !== undefined) return found;
    const near = nearest(name, this.tensors.keys()) ?? endingAlike(name, this.tensors.keys());
    const hint = near === undefined ? `it has ${this.tensors.size} tensors` : `the closest name is "${near}"`;
    throw new AssayError("TENSOR_MISSING", `checkpoint: ${this.path} has no tensor "${name}"; ${hint}`);
  }

  /** A whole tensor; float16 and bfloat16 become float32, small integers int32. @throws AssayError TENSOR_MISSING, DTYPE_UNSUPPORTED */
  read(name: string, options: ReadOptions = {}): Tensor {
    return this.#read(this.entry(name), 0, options);
  }

  /** Rows `from` to `to` (excluded) along the first axis. @throws AssayError RANGE_INVALID outside the tensor */
  readRows(name: string, { from, to, ...options }: { from: number; to: number } & ReadOptions): Tensor {
    const entry = this.entry(name);
    const rows = entry.shape[0];
    if (rows === undefined || !Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > rows) {
      const expected = `Expected rows within "${name}" [${entry.shape.join(", ")}], got ${from} to ${to}`;
      throw new AssayError("RANGE_INVALID", `checkpoint: ${expected}`);
    }
    const rest = entry.shape.slice(1);
    return this.#read({ ...entry, shape: [to - from, ...rest] }, from * sizeOf(rest), options);
  }

  /** The bytes as they are stored, of any storage type. */
  readRaw(name: string, { into }: { readonly into?: Uint8Array } = {}): Uint8Array {
    const entry = this.entry(name);
    const length = byteLengthOf(entry);
    if (into !== undefined && into.length !== length) throw wrongTarget(name, `${length} bytes`, `${into.length}`);
    const target = into ?? new Uint8Array(length);
    entry.file.readInto(target, entry.position);
    return target;
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #read(entry: StoredTensor, skip: number, { into }: ReadOptions): Tensor {
    const { name, shape, storage } = entry;
    const { dtype } = storageTypes[storage];
    if (dtype === null) {
      throw new AssayError(
        "DTYPE_UNSUPPORTED",
        `checkpoint: "${name}" is stored as ${storage}, which is read raw only`,
      );
    }
    const data = into ?? new arrayTypes[dtype](sizeOf(shape));
    if (!(data instanceof arrayTypes[dtype]) || data.length !== sizeOf(shape)) {
      throw wrongTarget(name, `${sizeOf(shape)} ${dtype} values`, `${data.length} in ${data.constructor.name}`);
    }
    this.#fill(entry, skip, data);
    return { dtype, shape, data };
  }

  #fill({ file, position, storage }: StoredTensor, skip: number, data: ArrayOf[DType]): void {
    const { bytes } = storageTypes[storage];
    const start = position + skip * bytes;
    if (sameInMemory.has(storage)) {
      file.readInto(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
      return;
    }
    const widen = widenings[storage]!;
    const step = chunkBytes / bytes;
    for (let at = 0; at < data.length; at += step) {
      const count = Math.min(step, data.length - at);
      const source = this.#chunk.subarray(0, count * bytes);
      file.readInto(source, start + at * bytes);
      widen(source, data.subarray(at, at + count));
    }
  }
}

/** A foreign prefix (`transformer.`, `model.`) is the commonest difference between names, and no slip of the keyboard. */
function endingAlike(name: string, known: Iterable<string>): string | undefined {
  for (const other of known) if (other.endsWith(`.${name}`) || name.endsWith(`.${other}`)) return other;
  return undefined;
}

function wrongTarget(name: string, expected: string, got: string): AssayError {
  return new AssayError("SHAPE_MISMATCH", `checkpoint: Expected room for ${expected} of "${name}", got ${got}`);
}
