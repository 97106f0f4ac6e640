import { type ArrayOf, AssayError, type DType, type Tensor } from "#base";
import { type StorageType, storageOf } from "./storage-types.ts";

/**
 * float32 → bfloat16 bits, to the nearest, ties to even; NaN stays NaN.
 *
 *     bits = (w + 0x7fff + lowest kept bit of w) >> 16      for the float32's word w
 */
export function toBfloat16(values: Float32Array): Uint16Array {
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const target = new Uint16Array(values.length);
  for (let at = 0; at < source.length; at++) {
    const word = source[at]!;
    // Rounding would carry a NaN with a small payload into infinity.
    const isNotANumber = (word & 0x7fffffff) > 0x7f800000;
    target[at] = isNotANumber ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return target;
}

/**
 * The bytes of a tensor in a storage type: its own, or float16 / bfloat16 for float32 values.
 *
 * @throws AssayError DTYPE_UNSUPPORTED for any other pair, VALUE_OVERFLOW when a finite value would become infinite
 */
export function toStoredBytes(name: string, tensor: Tensor, storage: StorageType): Uint8Array {
  const { dtype, data } = tensor;
  if (storageOf[dtype] === storage) return bytesOf(data);
  if (dtype === "float32" && storage === "F16") return bytesOf(checked(name, data as Float32Array, storage));
  if (dtype === "float32" && storage === "BF16") return bytesOf(checked(name, data as Float32Array, storage));
  const known = dtype === "float32" ? "F32, F16 or BF16" : storageOf[dtype];
  throw new AssayError(
    "DTYPE_UNSUPPORTED",
    `safetensors: Expected ${known} for the ${dtype} "${name}", got ${storage}`,
  );
}

function checked(name: string, values: Float32Array, storage: "F16" | "BF16"): Float16Array | Uint16Array {
  const narrow = storage === "F16" ? new Float16Array(values) : toBfloat16(values);
  const exponent = storage === "F16" ? 0x7c00 : 0x7f80;
  const bits = new Uint16Array(narrow.buffer);
  for (let at = 0; at < bits.length; at++) {
    if ((bits[at]! & 0x7fff) === exponent && Number.isFinite(values[at])) throw overflow(name, { values, at, storage });
  }
  return narrow;
}

function overflow(name: string, found: { values: Float32Array; at: number; storage: "F16" | "BF16" }): AssayError {
  const { values, at, storage } = found;
  const wider = storage === "F16" ? "BF16 or F32" : "F32";
  const expected = `Expected "${name}" to fit ${storage}, got ${values[at]} at ${at}; store it as ${wider}`;
  return new AssayError("VALUE_OVERFLOW", `safetensors: ${expected}`);
}

const bytesOf = (array: ArrayOf[DType] | Float16Array | Uint16Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
