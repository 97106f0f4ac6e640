const STATE_SIZE = 624;
const SHIFT = 397;
const UPPER_BIT = 0x80000000;
const LOWER_BITS = 0x7fffffff;
const TWIST = 0x9908b0df;

/**
 * MT19937, the generator under CPython's `random` and under NumPy's legacy `RandomState`, seeded by an array of 32-bit words.
 *
 * Source   Matsumoto and Nishimura 1998, "Mersenne Twister", and their reference code mt19937ar.c
 *          (`init_by_array`, `genrand_int32`, `genrand_res53`)
 */
export class MersenneTwister {
  readonly #state: Uint32Array;
  #next = STATE_SIZE;

  constructor(key: Uint32Array) {
    this.#state = initByArray(key);
  }

  /** The next whole number from 0 to 2³² − 1. */
  uint32(): number {
    if (this.#next === STATE_SIZE) this.#twist();
    let word = this.#state[this.#next++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    word ^= word >>> 18;
    return word >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let at = 0; at < STATE_SIZE; at++) {
      const mixed = (state[at]! & UPPER_BIT) | (state[(at + 1) % STATE_SIZE]! & LOWER_BITS);
      state[at] = state[(at + SHIFT) % STATE_SIZE]! ^ (mixed >>> 1) ^ (mixed & 1 ? TWIST : 0);
    }
    this.#next = 0;
  }
}

function initByNumber(seed: number): Uint32Array {
  const state = new Uint32Array(STATE_SIZE);
  state[0] = seed;
  for (let at = 1; at < STATE_SIZE; at++) state[at] = Math.imul(1812433253, fold(state[at - 1]!)) + at;
  return state;
}

function initByArray(key: Uint32Array): Uint32Array {
  const state = initByNumber(19650218);
  let at = 1;
  const advance = (multiplier: number, summand: number, sign: 1 | -1): void => {
    state[at] = (state[at]! ^ Math.imul(fold(state[at - 1]!), multiplier)) + sign * summand;
    if (++at < STATE_SIZE) return;
    state[0] = state[STATE_SIZE - 1]!;
    at = 1;
  };
  for (let turn = 0; turn < Math.max(STATE_SIZE, key.length); turn++) {
    const word = turn % key.length;
    advance(1664525, key[word]! + word, 1);
  }
  for (let turn = 1; turn < STATE_SIZE; turn++) advance(1566083941, at, -1);
  state[0] = UPPER_BIT;
  return state;
}

const fold = (word: number): number => word ^ (word >>> 30);
