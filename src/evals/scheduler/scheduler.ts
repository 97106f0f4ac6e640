import type { Subject } from "#base";
import type { BackoffOptions } from "./backoff.ts";
import { type Breaker, createBreaker } from "./breaker.ts";
import { Budget, type BudgetOptions, type Price } from "./budget.ts";
import { Change } from "./change.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Concurrency } from "./concurrency.ts";
import type { StallOptions } from "./stall.ts";

/** How a run treats its providers. */
export interface SchedulerOptions {
  /** Never more requests in flight than this, per subject. */
  readonly maxConcurrency?: number;
  /** How many to begin with. */
  readonly startConcurrency?: number;
  /** How often one question is asked again. */
  readonly retriesPerQuestion?: number;
  /** The run stops when its retries exceed this number plus one for each answer. */
  readonly spareRetries?: number;
  /** The breaker opens after this many questions in a row failed alike. */
  readonly breakerAfter?: number;
  /** A provider that asks for a longer wait than this ends the run; resume it later. */
  readonly longestWaitMs?: number;
  readonly backoff?: Partial<BackoffOptions>;
  readonly stall?: Partial<StallOptions>;
  readonly budget?: BudgetOptions;
  /** US dollars per million tokens of a subject, undefined when nobody knows. */
  readonly priceOf?: (subject: string) => Price | undefined;
  readonly clock?: Clock;
}

/** The state of one subject's provider. */
export interface Lane {
  readonly concurrency: Concurrency;
  readonly breaker: Breaker;
  readonly price: Price | undefined;
  /** Announced when a slot may have become free or a session stops. */
  readonly change: Change;
  /** Nothing is sent before this time. */
  pausedUntil: number;
  answers: number;
}

const free: Price = { input: 0, output: 0 };

/** What all questions of one run share: make one per run and pass it to every `askAll`. */
export class Scheduler {
  readonly clock: Clock;
  readonly budget: Budget;
  readonly retriesPerQuestion: number;
  readonly longestWaitMs: number;
  readonly backoff: BackoffOptions;
  readonly stall: StallOptions;
  readonly #options: SchedulerOptions;
  readonly #lanes = new Map<string, Lane>();
  #retries = 0;
  #answers = 0;

  constructor(options: SchedulerOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.budget = new Budget(options.budget);
    this.retriesPerQuestion = options.retriesPerQuestion ?? 5;
    this.longestWaitMs = options.longestWaitMs ?? 10 * 60_000;
    this.backoff = { firstMs: 1000, longestMs: 60_000, seed: 0, ...options.backoff };
    this.stall = { warnAfterMs: 2 * 60_000, stopAfterMs: 30 * 60_000, ...options.stall };
  }

  /** Retries of the whole run so far. */
  get retries(): number {
    return this.#retries;
  }

  lane({ name, kind }: Subject): Lane {
    const known = this.#lanes.get(name);
    if (known !== undefined) return known;
    const { maxConcurrency = 16, startConcurrency = 4, breakerAfter = 10, priceOf } = this.#options;
    const lane: Lane = {
      concurrency: new Concurrency({ start: startConcurrency, max: maxConcurrency }),
      breaker: createBreaker(breakerAfter),
      change: new Change(),
      price: kind === "api" ? priceOf?.(name) : free,
      pausedUntil: 0,
      answers: 0,
    };
    this.#lanes.set(name, lane);
    return lane;
  }

  answered(lane: Lane): void {
    this.#answers++;
    lane.answers++;
    lane.breaker.answered();
  }

  /** @returns false when the run has no retry left */
  takeRetry(): boolean {
    if (this.#retries >= this.#answers + (this.#options.spareRetries ?? 200)) return false;
    this.#retries++;
    return true;
  }
}
