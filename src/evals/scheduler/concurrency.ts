export interface ConcurrencyOptions {
  readonly start: number;
  readonly max: number;
}

/** Taken when a request starts, given back with what became of it. */
export interface Ticket {
  readonly startedAt: number;
}

/**
 * How many requests may be in flight: grows by one per answer until the provider first complains, then by one per
 * full round of answers; halves when the provider has too much to do.
 *
 *     answer: limit ← limit + 1 (before the first complaint) or limit + 1 / limit;   overload: limit ← max(1, limit / 2)
 *
 * Source   Chiu and Jain 1989, additive increase and multiplicative decrease; slow start as in TCP (RFC 5681 §3.1)
 */
export class Concurrency {
  #limit: number;
  readonly #max: number;
  #isSlowStart = true;
  #inFlight = 0;
  #started = 0;
  /** Requests that started before the last halving say nothing about the halved load. */
  #lastHalving = -1;

  constructor({ start, max }: ConcurrencyOptions) {
    this.#max = Math.max(1, max);
    this.#limit = Math.min(Math.max(1, start), this.#max);
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get isFree(): boolean {
    return this.#inFlight < this.limit;
  }

  enter(): void {
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
  }

  /** Marks the start of one request of a question that has entered. */
  start(): Ticket {
    return { startedAt: this.#started++ };
  }

  /** An answer came; a limit that is not half used is not what holds us back, and does not grow. */
  answered(): void {
    if (this.#inFlight * 2 < this.limit) return;
    this.#limit = Math.min(this.#max, this.#limit + (this.#isSlowStart ? 1 : 1 / this.#limit));
  }

  /** The provider has too much to do; the requests of one round halve the limit once. */
  overloaded({ startedAt }: Ticket): void {
    if (startedAt <= this.#lastHalving) return;
    this.#lastHalving = this.#started - 1;
    this.#isSlowStart = false;
    this.#limit = Math.max(1, this.#limit / 2);
  }
}
