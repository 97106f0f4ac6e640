import { RandomStream, type RandomStreamState, stream } from "#base";

/** Random streams by purpose, which a checkpoint keeps: a resumed training draws what an uninterrupted one would have. */
export class NamedStreams {
  readonly #seed: number;
  readonly #streams = new Map<string, RandomStream>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The stream for a purpose, going on where its last draw left it. */
  get(purpose: string): RandomStream {
    const known = this.#streams.get(purpose) ?? stream(this.#seed, purpose);
    this.#streams.set(purpose, known);
    return known;
  }

  state(): Record<string, RandomStreamState> {
    return Object.fromEntries([...this.#streams].map(([purpose, random]) => [purpose, random.state()]));
  }

  /** @throws AssayError RANDOM_STATE */
  restore(states: Readonly<Record<string, RandomStreamState>>): void {
    this.#streams.clear();
    for (const [purpose, state] of Object.entries(states)) this.#streams.set(purpose, RandomStream.restore(state));
  }
}
