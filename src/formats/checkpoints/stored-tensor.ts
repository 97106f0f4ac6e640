import { sizeOf } from "#base";
import type { ByteSource } from "../files/byte-source.ts";
import type { RangedFile } from "../files/ranged-file.ts";
import { type StorageType, storageTypes } from "./storage-types.ts";

/** A tensor on disk: row-major, contiguous, at a place in a file or in what makes it look so. */
export interface StoredTensor {
  readonly name: string;
  readonly storage: StorageType;
  readonly shape: readonly number[];
  readonly file: ByteSource;
  /** Of its first byte, from the start of the file. */
  readonly position: number;
}

/** One opened file of tensors, of whatever format. */
export interface OpenedTensors {
  readonly file: RangedFile;
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** How many bytes it takes on disk. */
export function byteLengthOf({ shape, storage }: Pick<StoredTensor, "shape" | "storage">): number {
  return sizeOf(shape) * storageTypes[storage].bytes;
}
