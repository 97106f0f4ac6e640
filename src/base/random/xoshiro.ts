/**
 * xoshiro128**: four 32-bit words of state, period 2¹²⁸ − 1.
 *
 * It stays within JavaScript's 32-bit operations, which the 64-bit generators (PCG64, xoshiro256) would not.
 *
 * Source   Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (4), and their
 *          reference code xoshiro128starstar.c
 */
export class Xoshiro128 {
  readonly #state: Int32Array;

  /** `words` are four, and not all zero. */
  constructor(words: readonly number[]) {
    this.#state = Int32Array.from(words);
  }

  get words(): number[] {
    return [...Uint32Array.from(this.#state)];
  }

  /** The next whole number from 0 to 2³² − 1. */
  uint32(): number {
    const state = this.#state;
    const s1 = state[1]!;
    const s2 = state[2]! ^ state[0]!;
    const s3 = state[3]! ^ s1;
    state[0]! ^= s3;
    state[1] = s1 ^ s2;
    state[2] = s2 ^ (s1 << 9);
    state[3] = rotate(s3, 11);
    return Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0;
  }
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
