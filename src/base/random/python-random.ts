import { AssayError } from "../errors.ts";
import { drawBelow, drawBits, drawFloat } from "./draws.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { type PythonSeed, pythonSeedWords } from "./python-seed.ts";

/**
 * CPython's `random.Random`, draw for draw: published samples of data depend on it.
 *
 * The methods carry Python's names. Whole numbers must stay within 2⁵³. The raw draws, and everything made of them by
 * whole-number or single floating-point operations, agree to the bit; `gauss` passes through cos, sin and log, whose last
 * digit depends on the mathematical library.
 *
 * Source   CPython 3.11 to 3.14, Lib/random.py and Modules/_randommodule.c
 *
 * @example new PythonRandom(0).sample(captions, 10)
 */
export class PythonRandom {
  readonly #twister: MersenneTwister;
  #nextGauss: number | undefined;

  /** Seeds like `random.seed(seed)` (version 2); a number must be whole, text and bytes are extended by their SHA-512. */
  constructor(seed: PythonSeed) {
    this.#twister = new MersenneTwister(pythonSeedWords(seed));
  }

  /** A number in [0, 1) with 53 random bits. */
  random(): number {
    return drawFloat(this.#twister);
  }

  /** A whole number of `bits` random bits, 0 to 53 of them. @throws AssayError RANDOM_RANGE */
  getrandbits(bits: number): number {
    if (!Number.isInteger(bits) || bits < 0 || bits > 53) {
      throw new AssayError("RANDOM_RANGE", `PythonRandom.getrandbits: Expected 0 to 53 bits, got ${bits}`);
    }
    return drawBits(this.#twister, bits);
  }

  /** A whole number in [0, bound): Python's `_randbelow`. @throws AssayError RANDOM_RANGE */
  randbelow(bound: number): number {
    return drawBelow(this.#twister, bound);
  }

  /** A value of Python's `range(start, stop, step)`; with one argument, of `range(start)`. @throws AssayError RANDOM_RANGE */
  randrange(start: number, stop?: number, step = 1): number {
    if (stop === undefined) return this.randbelow(start);
    if (step === 0 || ![start, stop, step].every(Number.isSafeInteger)) {
      const got = `range(${start}, ${stop}, ${step})`;
      throw new AssayError("RANDOM_RANGE", `PythonRandom.randrange: Expected whole numbers and a step, got ${got}`);
    }
    return start + step * this.randbelow(Math.ceil((stop - start) / step));
  }

  /** A whole number from `low` to `high`, both included. @throws AssayError RANDOM_RANGE */
  randint(low: number, high: number): number {
    return this.randrange(low, high + 1);
  }

  /** A number between `low` and `high`. */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.random();
  }

  /** A normally distributed number; every second call returns what the first has kept. */
  gauss(mean = 0, standardDeviation = 1): number {
    const kept = this.#nextGauss;
    this.#nextGauss = undefined;
    return mean + (kept ?? this.#drawGaussPair()) * standardDeviation;
  }

  #drawGaussPair(): number {
    const angle = this.random() * 2 * Math.PI;
    const radius = Math.sqrt(-2 * Math.log(1 - this.random()));
    this.#nextGauss = Math.sin(angle) * radius;
    return Math.cos(angle) * radius;
  }

  /** One element. @throws AssayError RANDOM_RANGE when there is none */
  choice<T>(population: ArrayLike<T>): T {
    return population[this.randbelow(population.length)]!;
  }

  /** `count` elements with replacement, each in proportion to its weight. @throws AssayError RANDOM_RANGE */
  choices<T>(
    population: ArrayLike<T>,
    options: { readonly weights?: readonly number[]; readonly count?: number } = {},
  ): T[] {
    const { weights, count = 1 } = options;
    const pick = weights ? this.#weightedPick(weights, population.length) : () => this.#uniformPick(population.length);
    return Array.from({ length: count }, () => population[pick()]!);
  }

  // Not randbelow(): Python's `choices` scales a float.
  #uniformPick(size: number): number {
    if (size === 0)
      throw new AssayError("RANDOM_RANGE", "PythonRandom.choices: Expected a population, got an empty one");
    return Math.floor(this.random() * size);
  }

  #weightedPick(weights: readonly number[], size: number): () => number {
    let sum = 0;
    const cumulative = weights.map((weight) => (sum += weight));
    if (weights.length !== size || !(sum > 0 && sum < Number.POSITIVE_INFINITY)) {
      throw new AssayError(
        "RANDOM_RANGE",
        `PythonRandom.choices: Expected ${size} weights with a positive sum, got ${weights.length} with sum ${sum}`,
      );
    }
    return () => firstAbove(cumulative, this.random() * sum);
  }

  /** Shuffles in place. */
  shuffle<T>(list: T[]): void {
    for (let last = list.length - 1; last > 0; last--) {
      const other = this.randbelow(last + 1);
      [list[last], list[other]] = [list[other]!, list[last]!];
    }
  }

  /** `count` different elements in random order. @throws AssayError RANDOM_RANGE */
  sample<T>(population: ArrayLike<T>, count: number): T[] {
    return this.sampleRange(population.length, count).map((at) => population[at]!);
  }

  /** `sample(range(size), count)` without building the range. @throws AssayError RANDOM_RANGE */
  sampleRange(size: number, count: number): number[] {
    if (!Number.isInteger(count) || count < 0 || count > size) {
      throw new AssayError("RANDOM_RANGE", `PythonRandom.sample: Expected a count of 0 to ${size}, got ${count}`);
    }
    return size <= setSize(count) ? this.#sampleByPool(size, count) : this.#sampleBySet(size, count);
  }

  #sampleByPool(size: number, count: number): number[] {
    const pool = Array.from({ length: size }, (_, at) => at);
    return Array.from({ length: count }, (_, taken) => {
      const at = this.randbelow(size - taken);
      const drawn = pool[at]!;
      pool[at] = pool[size - taken - 1]!;
      return drawn;
    });
  }

  #sampleBySet(size: number, count: number): number[] {
    const drawn = new Set<number>();
    while (drawn.size < count) drawn.add(this.randbelow(size));
    return [...drawn];
  }
}

/** CPython's estimate of the room a set of `count` takes, in list slots: above it, a list of the population costs more. */
function setSize(count: number): number {
  return count > 5 ? 21 + 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 21;
}

/** The first position whose cumulative weight lies above `target`; the last position when none does (Python's `bisect`). */
function firstAbove(cumulative: readonly number[], target: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (target < cumulative[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
