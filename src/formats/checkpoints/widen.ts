import { type ArrayOf, AssayError, type DType } from "#base";
import type { StorageType } from "./storage-types.ts";

type Widening = (source: Uint8Array<ArrayBuffer>, target: ArrayOf[DType]) => void;

/** Storage types whose bytes already are the memory of the host type. */
export const sameInMemory: ReadonlySet<StorageType> = new Set(["BOOL", "I32", "F32", "F64", "I64"]);

/** Widens stored values into a host array of the type that `storageTypes` names; `source` starts on an 8-byte boundary. */
export const widenings: Readonly<Partial<Record<StorageType, Widening>>> = {
  U8: (source, target) => (target as Int32Array).set(source),
  I8: (source, target) => (target as Int32Array).set(new Int8Array(source.buffer, source.byteOffset, target.length)),
  I16: (source, target) => (target as Int32Array).set(new Int16Array(source.buffer, source.byteOffset, target.length)),
  U16: (source, target) => (target as Int32Array).set(unsigned16(source)),
  F16: (source, target) => widenFloat16(unsigned16(source), target as Float32Array),
  BF16: (source, target) => widenBfloat16(unsigned16(source), target as Float32Array),
  U32: (source, target) => {
    const values = new Uint32Array(source.buffer, source.byteOffset, target.length);
    for (let at = 0; at < values.length; at++) target[at] = BigInt(values[at]!);
  },
  U64: (source, target) => widenUnsigned64(source, target as BigInt64Array),
};

const unsigned16 = (source: Uint8Array<ArrayBuffer>): Uint16Array =>
  new Uint16Array(source.buffer, source.byteOffset, source.byteLength / 2);

let float16Table: Float32Array | undefined;

/** All 65,536 values of float16: a look-up widens twice as fast as Float32Array.set(Float16Array). */
function float16Values(): Float32Array {
  float16Table ??= new Float32Array(new Float16Array(Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).buffer));
  return float16Table;
}

/**
 * Values that one call widens. A long loop is compiled while it runs, and V8 goes back to slow code at its next call;
 * a short one that is called often is compiled once and for all.
 */
const atOnce = 4096;

/** float16 bits → float32, exactly. */
export function widenFloat16(bits: Uint16Array, target: Float32Array): void {
  const values = float16Values();
  for (let from = 0; from < bits.length; from += atOnce) {
    lookUp(values, bits.subarray(from, from + atOnce), target.subarray(from, from + atOnce));
  }
}

function lookUp(values: Float32Array, bits: Uint16Array, target: Float32Array): void {
  for (let at = 0; at < bits.length; at++) target[at] = values[bits[at]!]!;
}

/** bfloat16 bits → float32, exactly: bfloat16 is the upper half of a float32. */
export function widenBfloat16(bits: Uint16Array, target: Float32Array): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let from = 0; from < bits.length; from += atOnce) {
    shift(bits.subarray(from, from + atOnce), words.subarray(from, from + atOnce));
  }
}

function shift(bits: Uint16Array, words: Uint32Array): void {
  for (let at = 0; at < bits.length; at++) words[at] = bits[at]! << 16;
}

function widenUnsigned64(source: Uint8Array<ArrayBuffer>, target: BigInt64Array): void {
  const signed = new BigInt64Array(source.buffer, source.byteOffset, target.length);
  const tooLarge = signed.findIndex((value) => value < 0n);
  if (tooLarge >= 0) {
    const value = BigInt.asUintN(64, signed[tooLarge]!);
    throw new AssayError("VALUE_OVERFLOW", `widen: Expected U64 values below 2^63, got ${value}; read it raw`);
  }
  target.set(signed);
}
