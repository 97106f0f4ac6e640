import { AssayError } from "../errors.ts";
import { hashOf } from "../json.ts";
import { drawBelow, drawFloat } from "./draws.ts";
import { Xoshiro128 } from "./xoshiro.ts";

/** Everything a stream needs to go on where it stood, as JSON. */
export type RandomStreamState = {
  /** Seed, purpose, and the purposes of the forks below it. */
  readonly path: readonly (number | string)[];
  readonly words: readonly number[];
  /** A normal draw that is kept for the next call. */
  readonly keptNormal: number | null;
};

/**
 * The random numbers for one purpose: the same seed and purpose give the same numbers, and one purpose never moves another.
 *
 * Equal purposes give equal streams: name each use once ("data-order", "bootstrap/accuracy").
 *
 * @example stream(0, "needle-positions").int(64)
 * @throws AssayError RANDOM_SEED when the seed is not a whole number
 */
export function stream(seed: number, purpose: string): RandomStream {
  if (Number.isSafeInteger(seed)) return RandomStream.at([seed, purpose]);
  throw new AssayError("RANDOM_SEED", `stream: Expected a whole seed for "${purpose}", got ${seed}`);
}

/**
 * A seeded generator: xoshiro128** whose first state is the first 128 bits of a SHA-256 over seed and purposes.
 *
 * Source   Blackman and Vigna 2021, ACM TOMS 47 (4); a hash of a name as the key of a stream as in JAX's `fold_in`
 */
export class RandomStream {
  readonly #path: RandomStreamState["path"];
  readonly #generator: Xoshiro128;
  #keptNormal: number | null;

  private constructor({ path, words, keptNormal }: RandomStreamState) {
    this.#path = path;
    this.#generator = new Xoshiro128(words);
    this.#keptNormal = keptNormal;
  }

  /** The start of the stream for a seed and its purposes. */
  static at(path: RandomStreamState["path"]): RandomStream {
    const key = hashOf(path);
    const words = [0, 8, 16, 24].map((start) => Number.parseInt(key.slice(start, start + 8), 16));
    return new RandomStream({ path, words, keptNormal: null });
  }

  /** A stream that goes on where `state()` was taken. @throws AssayError RANDOM_STATE */
  static restore(state: RandomStreamState): RandomStream {
    const whole = state.words.every((word) => Number.isInteger(word));
    if (state.words.length === 4 && whole && state.words.some((word) => word !== 0)) return new RandomStream(state);
    const got = `[${state.words.join(", ")}]`;
    throw new AssayError("RANDOM_STATE", `RandomStream.restore: Expected four whole numbers, not all zero, got ${got}`);
  }

  /** Where the stream stands; `restore` goes on from there. */
  state(): RandomStreamState {
    return { path: [...this.#path], words: this.#generator.words, keptNormal: this.#keptNormal };
  }

  /** A stream for a part of this purpose; it depends on the names alone, not on what was drawn before. */
  fork(purpose: string): RandomStream {
    return RandomStream.at([...this.#path, purpose]);
  }

  /** A number in [0, 1) with 53 random bits. */
  next(): number {
    return drawFloat(this.#generator);
  }

  /** A whole number in [0, bound), each equally likely. @throws AssayError RANDOM_RANGE */
  int(bound: number): number {
    return drawBelow(this.#generator, bound);
  }

  /**
   * A draw from the standard normal distribution.
   *
   *     u, v uniform in the unit disc, s = u² + v²:   u · √(−2 ln s / s), and the same with v
   *
   * Source   Marsaglia and Bray 1964, the polar method
   */
  normal(): number {
    if (this.#keptNormal !== null) {
      const kept = this.#keptNormal;
      this.#keptNormal = null;
      return kept;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#keptNormal = v * scale;
      return u * scale;
    }
  }

  /** One element. @throws AssayError RANDOM_RANGE when there is none */
  pick<T>(list: ArrayLike<T>): T {
    return list[this.int(list.length)]!;
  }

  /** The elements in random order, as a new list. */
  shuffle<T>(list: Iterable<T> | ArrayLike<T>): T[] {
    const copy = Array.from(list);
    return this.#drawFront(copy, copy.length);
  }

  /** `count` elements from different places, in random order. @throws AssayError RANDOM_RANGE */
  sample<T>(list: Iterable<T> | ArrayLike<T>, count: number): T[] {
    const copy = Array.from(list);
    if (Number.isInteger(count) && count >= 0 && count <= copy.length)
      return this.#drawFront(copy, count).slice(0, count);
    throw new AssayError("RANDOM_RANGE", `RandomStream.sample: Expected a count of 0 to ${copy.length}, got ${count}`);
  }

  /** Fisher and Yates's shuffle, stopped after the first `count` places. */
  #drawFront<T>(list: T[], count: number): T[] {
    for (let at = 0; at < count; at++) {
      const other = at + this.int(list.length - at);
      [list[at], list[other]] = [list[other]!, list[at]!];
    }
    return list;
  }
}
