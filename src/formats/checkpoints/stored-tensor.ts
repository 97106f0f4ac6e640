import { sizeOf } from "#base";
import type { RangedFile } from "../files/ranged-file.ts";
import { type StorageType, storageTypes } from "./storage-types.ts";

/** A tensor on disk: row-major, contiguous, at a place in a file. */
export interface StoredTensor {
  readonly name: string;
  readonly storage: StorageType;
  readonly shape: readonly number[];
  readonly file: RangedFile;
  /** Of its first byte, from the start of the file. */
  readonly position: number;
}

/** How many bytes it takes on disk. */
export function byteLengthOf({ shape, storage }: Pick<StoredTensor, "shape" | "storage">): number {
  return sizeOf(shape) * storageTypes[storage].bytes;
}
