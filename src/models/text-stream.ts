import type { Tokenizer } from "#formats";

/** Tokens before a text that decide whether it begins with a space. */
const contextTokens = 8;

/** What stands for bytes that are no whole character yet. */
const unfinished = "\uFFFD";

/**
 * Turns tokens into text as they come: a character that is spread over several tokens waits for its last one, and text
 * that may turn out to begin a stop string waits until that is decided.
 */
export class TextStream {
  readonly #tokenizer: Tokenizer;
  readonly #stops: readonly string[];
  readonly #ids: number[];
  #contextStart = 0;
  #readStart: number;
  #text = "";
  #given = 0;

  constructor(
    tokenizer: Tokenizer,
    { promptIds, stops }: { readonly promptIds: readonly number[]; readonly stops: readonly string[] },
  ) {
    this.#tokenizer = tokenizer;
    this.#stops = stops.filter((stop) => stop !== "");
    this.#ids = promptIds.slice(-contextTokens);
    this.#readStart = this.#ids.length;
  }

  /** The text so far, without a stop string and what came after it. */
  get text(): string {
    const end = this.#stopStart();
    return end < 0 ? this.#text : this.#text.slice(0, end);
  }

  get isStopped(): boolean {
    return this.#stopStart() >= 0;
  }

  /** Takes a token; returns the text that is certain now. */
  push(id: number): string {
    this.#ids.push(id);
    this.#read({ isLast: false });
    return this.#give(this.isStopped ? this.text.length : this.#text.length - this.#heldBack());
  }

  /** The rest, once no more tokens come. */
  end(): string {
    this.#read({ isLast: true });
    return this.#give(this.text.length);
  }

  #read({ isLast }: { readonly isLast: boolean }): void {
    const decode = (ids: number[]) => this.#tokenizer.decode(ids, { skipSpecial: true });
    const context = decode(this.#ids.slice(this.#contextStart, this.#readStart));
    const whole = decode(this.#ids.slice(this.#contextStart));
    if (whole.length <= context.length || (whole.endsWith(unfinished) && !isLast)) return;
    this.#text += whole.slice(context.length);
    this.#contextStart = this.#readStart;
    this.#readStart = this.#ids.length;
  }

  #give(end: number): string {
    const delta = this.#text.slice(this.#given, Math.max(this.#given, end));
    this.#given = Math.max(this.#given, end);
    return delta;
  }

  #stopStart(): number {
    const found = this.#stops.map((stop) => this.#text.indexOf(stop)).filter((at) => at >= 0);
    return found.length === 0 ? -1 : Math.min(...found);
  }

  /** The length of the longest end of the text that a stop string begins with. */
  #heldBack(): number {
    const longest = Math.max(0, ...this.#stops.map((stop) => stop.length - 1));
    for (let length = Math.min(longest, this.#text.length); length > 0; length--) {
      const end = this.#text.slice(-length);
      if (this.#stops.some((stop) => stop.startsWith(end))) return length;
    }
    return 0;
  }
}
