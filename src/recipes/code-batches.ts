/** Source text as windows of tokens, in which most pieces are turned into tasks of filling in the middle. */
import { type RandomStream, stream } from "#base";
import { cutMiddle, type MiddleOrder, type MiddleParts, middleSentinels } from "#corpora";
import type { Tokenizer } from "#formats";

/** The tokens of a middle task, which ends with the end token. */
export interface MiddleTokens {
  readonly ids: readonly number[];
  /** Where the middle begins. */
  readonly from: number;
}

/** A text in three parts, as tokens. */
interface TokenParts {
  readonly prefix: readonly number[];
  readonly middle: readonly number[];
  readonly suffix: readonly number[];
}

/** A middle task as tokens; each part is cut into tokens alone, as it is when a model is asked. */
export function middleTokens(parts: MiddleParts, order: MiddleOrder, tokenizer: Tokenizer): MiddleTokens {
  const encode = (text: string) => tokenizer.encode(text, { special: false });
  const [prefix, middle, suffix] = [encode(parts.prefix), encode(parts.middle), encode(parts.suffix)];
  return arrange({ prefix, middle, suffix }, order, tokenizer);
}

function arrange({ prefix, middle, suffix }: TokenParts, order: MiddleOrder, tokenizer: Tokenizer): MiddleTokens {
  const sentinel = (name: keyof typeof middleSentinels) => tokenizer.idOf(middleSentinels[name])!;
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
  /** Which share of the pieces is a middle task. */
  readonly middleShare: number;
  /** Characters in a middle at most. */
  readonly longestMiddle: number;
  /** Tokens in a piece: each window is cut into pieces, so that it holds several tasks. */
  readonly piece: { readonly least: number; readonly most: number };
  /** Which share of the pieces is said twice, the shorter for it: what teaches to look back and copy. */
  readonly echoShare: number;
  /** Which share of the middles begins and ends between tokens, where a cut costs nothing. */
  readonly atTokens: number;
  /** The orders that a task draws from. */
  readonly orders: readonly MiddleOrder[];
  /** How often a token of a middle counts. */
  readonly middleWeight: number;
}

/** Tokens of a window, and how often each counts. */
export interface CodeWindow {
  readonly ids: readonly number[];
  readonly counts: readonly number[];
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
  at(step: number): readonly CodeWindow[] {
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

  /** Piece after piece of a window, as it stands, said twice or as a task; a task always has room for its whole middle. */
  #turned(window: readonly number[], random: RandomStream): CodeWindow {
    const { piece, middleWeight } = this.#options;
    const [ids, counts]: [number[], number[]] = [[], []];
    for (let at = 0; ids.length < window.length; ) {
      const room = window.length - ids.length;
      const drawn = Math.min(piece.least + random.int(piece.most - piece.least + 1), room);
      const { taken, task } = this.#piece(window.slice(at, at + drawn), room, random);
      at += taken;
      ids.push(...task.ids);
      counts.push(...task.ids.map((_, place) => (place >= task.from ? middleWeight : 1)));
    }
    return { ids: ids.slice(0, window.length), counts: counts.slice(0, window.length) };
  }

  /** One piece, and how many tokens of the text it took. */
  #piece(drawn: readonly number[], room: number, random: RandomStream): { taken: number; task: MiddleTokens } {
    const { middleShare, echoShare } = this.#options;
    const kind = random.next();
    if (kind < middleShare && room > 2 * roomForParts) {
      const taken = Math.min(drawn.length, room - roomForParts);
      return { taken, task: this.#task(drawn.slice(0, taken), random) };
    }
    if (kind >= 1 - echoShare) {
      const taken = Math.ceil(Math.min(drawn.length, room) / 2);
      const said = drawn.slice(0, taken);
      return { taken, task: { ids: [...said, ...said], from: 2 * taken } };
    }
    return { taken: drawn.length, task: { ids: drawn, from: drawn.length } };
  }

  #task(part: readonly number[], random: RandomStream): MiddleTokens {
    const { tokenizer, longestMiddle: longest, atTokens, orders } = this.#options;
    const order = random.pick(orders);
    if (random.next() >= atTokens) {
      return middleTokens(cutMiddle(tokenizer.decode(part), random, { longest }), order, tokenizer);
    }
    const first = random.int(part.length);
    const second = first + 1 + random.int(Math.ceil(longest / charactersInToken));
    return arrange(
      { prefix: part.slice(0, first), middle: part.slice(first, second), suffix: part.slice(second) },
      order,
      tokenizer,
    );
  }
}

/** About as many as the tokenizer's have. */
const charactersInToken = 4;
