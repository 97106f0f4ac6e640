import { AssayError } from "../errors.ts";

/** A generator of equally likely whole numbers from 0 to 2³² − 1. */
export interface WordSource {
  uint32(): number;
}

/** A number in [0, 1) of 53 random bits, made of two words: (a · 2²⁶ + b) / 2⁵³ with a of 27 bits and b of 26. */
export function drawFloat(source: WordSource): number {
  const high = source.uint32() >>> 5;
  const low = source.uint32() >>> 6;
  return (high * 0x4000000 + low) / 0x20000000000000;
}

/** A whole number of `bits` random bits, 0 to 53 of them: the high bits of a word, or a whole low word and a high one. */
export function drawBits(source: WordSource, bits: number): number {
  if (bits === 0) return 0;
  if (bits <= 32) return source.uint32() >>> (32 - bits);
  const low = source.uint32();
  return (source.uint32() >>> (64 - bits)) * 0x100000000 + low;
}

/**
 * A whole number in [0, bound), each equally likely: as many bits as `bound` has, drawn until they fall below it.
 *
 * Source   CPython's `Random._randbelow_with_getrandbits`
 *
 * @throws AssayError RANDOM_RANGE
 */
export function drawBelow(source: WordSource, bound: number): number {
  if (!Number.isSafeInteger(bound) || bound < 1) {
    throw new AssayError("RANDOM_RANGE", `random: Expected a range of 1 to 2^53 - 1 values, got ${bound}`);
  }
  const bits = bitLength(bound);
  let draw = drawBits(source, bits);
  while (draw >= bound) draw = drawBits(source, bits);
  return draw;
}

function bitLength(value: number): number {
  return value > 0xffffffff ? 64 - Math.clz32(value / 0x100000000) : 32 - Math.clz32(value);
}
