import { type ArrayOf, arrayTypes, type DType, sizeOf, type Tensor } from "#base";
import { type StorageType, storageTypes } from "../checkpoints/storage-types.ts";
import { sameInMemory, widenings } from "../checkpoints/widen.ts";
import { type ByteSource, bytesAt } from "../files/byte-source.ts";
import { RangedFile } from "../files/ranged-file.ts";
import { type NpyHeader, npyFault, readNpyHeader } from "./npy-header.ts";

/**
 * Reads an array that NumPy saved; float16 becomes float32, small integers int32.
 *
 * @throws AssayError NPY_INVALID, DTYPE_UNSUPPORTED, FILE_MISSING
 */
export function readNpy(path: string): Tensor {
  const file = new RangedFile(path);
  try {
    return tensorFrom(file);
  } finally {
    file.close();
  }
}

/** Reads an NPY array from anywhere. */
export function tensorFrom(source: ByteSource): Tensor {
  return tensorOf(source, readNpyHeader(source));
}

/** The array that a header announces. @throws AssayError NPY_INVALID */
export function tensorOf(source: ByteSource, header: NpyHeader): Tensor {
  const { storage, bigEndian, fortranOrder, shape, position } = header;
  const { bytes, dtype } = storageTypes[storage];
  const length = sizeOf(shape) * bytes;
  if (position + length !== source.size) {
    throw npyFault(source, `${source.size - position} bytes for shape [${shape.join(", ")}] of ${length}`);
  }
  const stored = bytesAt(source, position, length);
  if (bigEndian) swapBytes(stored, bytes);
  const data = hostArray(stored, storage);
  return { dtype: dtype!, shape, data: fortranOrder ? toRowMajor(data, shape) : data };
}

function swapBytes(stored: Uint8Array, width: number): void {
  const buffer = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (width === 2) buffer.swap16();
  if (width === 4) buffer.swap32();
  if (width === 8) buffer.swap64();
}

function hostArray(stored: Uint8Array<ArrayBuffer>, storage: StorageType): ArrayOf[DType] {
  const array = arrayTypes[storageTypes[storage].dtype!];
  if (sameInMemory.has(storage)) return new array(stored.buffer);
  const data = new array(stored.length / storageTypes[storage].bytes);
  widenings[storage]!(stored, data);
  return data;
}

/** Column-major values in row-major order. */
function toRowMajor(data: ArrayOf[DType], shape: readonly number[]): ArrayOf[DType] {
  const result = data.slice();
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis))); // of the column-major source
  const index = shape.map(() => 0);
  for (let at = 0, from = 0; at < data.length; at++) {
    result[at] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]! += 1;
      from += strides[axis]!;
      if (index[axis]! < shape[axis]!) break;
      from -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
