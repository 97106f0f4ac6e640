/** Text of which only the beginning and the end are kept once it is long. */
export class CutOutput {
  readonly #half: number;
  #first = "";
  #last = "";
  #lost = 0;

  /** @param most characters that are kept */
  constructor(most = 2 ** 18) {
    this.#half = Math.max(1, Math.floor(most / 2));
  }

  add(text: string): void {
    const room = this.#half - this.#first.length;
    this.#first += text.slice(0, Math.max(0, room));
    const rest = this.#last + text.slice(Math.max(0, room));
    this.#last = rest.slice(-this.#half);
    this.#lost += rest.length - this.#last.length;
  }

  text(): string {
    const gap = this.#lost === 0 ? "" : `\n… ${this.#lost} characters left out …\n`;
    return this.#first + gap + this.#last;
  }
}
