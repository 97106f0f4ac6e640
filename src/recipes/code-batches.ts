/** Source text as windows of tokens, half of them turned into tasks of filling in the middle. */
import { type RandomStream, stream } from "#base";
import { cutMiddle, type MiddleOrder, type MiddleParts, middleSentinels } from "#corpora";
import type { Tokenizer } from "#formats";

/** The tokens of a middle task, which ends with the end token. */
export interface MiddleTokens {
  readonly ids: readonly number[];
  /** Where the middle begins. */
  readonly from: number;
}

/** A middle task as tokens; each part is cut into tokens alone, as it is when a model is asked. */
export function middleTokens(parts: MiddleParts, order: MiddleOrder, tokenizer: Tokenizer): MiddleTokens {
  const encode = (text: string) => tokenizer.encode(text, { special: false });
  const sentinel = (name: keyof typeof middleSentinels) => tokenizer.idOf(middleSentinels[name])!;
  const [prefix, middle, suffix] = [encode(parts.prefix), encode(parts.middle), encode(parts.suffix)];
  const before =
    order === "PSM"
      ? [sentinel("prefix"), ...prefix, sentinel("suffix"), ...suffix, sentinel("middle")]
      : [sentinel("prefix"), sentinel("suffix"), ...suffix, sentinel("middle"), ...prefix];
  return { ids: [...before, ...middle, tokenizer.specials.end!], from: before.length };
}

/** How windows are made. */
export interface CodeWindowsOptions {
  readonly tokenizer: Tokenizer;
  readonly seed: number;
  /** Tokens that a window predicts. */
  readonly length: number;
  /** Windows in a batch. */
  readonly size: number;
  /** Which share of the windows is a middle task. */
  readonly middleShare: number;
  /** Characters in a middle at most. */
  readonly longestMiddle: number;
}

/** Sentinels, and tokens that the parts need more than the whole. */
const roomForParts = 16;

/** Gives the windows of any step: each epoch reads every text once, in its own order, one after the other. */
export class CodeWindows {
  readonly #texts: readonly (readonly number[])[];
  readonly #options: CodeWindowsOptions;
  #epoch = -1;
  #windows: number[][] = [];

  constructor(texts: readonly string[], options: CodeWindowsOptions) {
    const { tokenizer } = options;
    this.#texts = texts.map((text) => [...tokenizer.encode(text, { special: false }), tokenizer.specials.end!]);
    this.#options = options;
  }

  /** How many tokens an epoch has. */
  get tokens(): number {
    return this.#texts.reduce((sum, { length }) => sum + length, 0);
  }

  get stepsOfEpoch(): number {
    const { length, size } = this.#options;
    return Math.floor(Math.floor((this.tokens - 1) / length) / size);
  }

  /** The windows of the step that comes after `step` others, `length + 1` tokens each. */
  at(step: number): readonly (readonly number[])[] {
    const { size, seed } = this.#options;
    const epoch = Math.floor(step / this.stepsOfEpoch);
    if (epoch !== this.#epoch) this.#windows = this.#drawEpoch(epoch);
    this.#epoch = epoch;
    const from = (step % this.stepsOfEpoch) * size;
    const random = stream(seed, `code/middle/${step}`);
    return this.#windows.slice(from, from + size).map((window) => this.#turned(window, random));
  }

  #drawEpoch(epoch: number): number[][] {
    const { seed, length } = this.#options;
    const random = stream(seed, `code/epoch/${epoch}`);
    const line = random.shuffle(this.#texts).flat();
    const count = Math.floor((line.length - 1) / length);
    const windows = Array.from({ length: count }, (_, at) => line.slice(at * length, (at + 1) * length + 1));
    return random.shuffle(windows);
  }

  #turned(window: readonly number[], random: RandomStream): readonly number[] {
    const { tokenizer, middleShare, longestMiddle: longest } = this.#options;
    if (random.next() >= middleShare) return window;
    const rest = window.length - roomForParts;
    const parts = cutMiddle(tokenizer.decode(window.slice(0, rest)), random, { longest });
    const { ids } = middleTokens(parts, random.pick(["PSM", "SPM"]), tokenizer);
    return [...ids, ...window.slice(rest), ...window].slice(0, window.length);
  }
}
