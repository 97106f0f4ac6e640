import { createHash } from "node:crypto";
import { AssayError } from "../errors.ts";

/** A number must be whole; text is taken as UTF-8. */
export type PythonSeed = number | bigint | string | Uint8Array;

/**
 * The 32-bit words, lowest first, with which CPython seeds its Mersenne Twister (`random.seed`, version 2).
 *
 * A number is seeded by its magnitude; text and bytes are extended by their SHA-512 and read as one big-endian number.
 *
 * @throws AssayError RANDOM_SEED for a number that is not whole within 2^53
 */
export function pythonSeedWords(seed: PythonSeed): Uint32Array {
  if (typeof seed === "bigint") return wordsOf(seed);
  if (typeof seed === "number") {
    if (Number.isSafeInteger(seed)) return wordsOf(BigInt(seed));
    throw new AssayError("RANDOM_SEED", `PythonRandom: Expected a whole seed within 2^53, got ${seed}; pass a bigint`);
  }
  const bytes = Buffer.from(seed);
  const extended = Buffer.concat([bytes, createHash("sha512").update(bytes).digest()]);
  return wordsOf(BigInt(`0x${extended.toString("hex")}`));
}

/** The magnitude as 32-bit words, lowest first; zero is one word. */
function wordsOf(seed: bigint): Uint32Array {
  const words: number[] = [];
  for (let rest = seed < 0n ? -seed : seed; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return Uint32Array.from(words.length > 0 ? words : [0]);
}
