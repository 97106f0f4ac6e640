import type { Question, Subject } from "#base";
import type { Reservation } from "../scheduler/budget.ts";
import type { Lane, Scheduler } from "../scheduler/scheduler.ts";
import { createStallAlarm, type StallAlarm, type StallState } from "../scheduler/stall.ts";

/** Why a run stopped before its last question. */
export type StopReason = "abort" | "access" | "breaker" | "budget" | "quota" | "retries" | "stall";

/** A session's early end. */
export interface Stop {
  readonly reason: StopReason;
  /** Who stopped, why, and what to do. */
  readonly message: string;
}

/** How far the questions are; given a few times a second, never per question. */
export interface AskProgress {
  /** Stored now or earlier. */
  readonly done: number;
  readonly total?: number;
  /** Of those done now: failed for good. */
  readonly failed: number;
  readonly inFlight: number;
  /** How many may be in flight at the moment. */
  readonly concurrency: number;
  readonly retries: number;
  /** Time spent in waits, summed over questions. */
  readonly waitingMs: number;
  /** Spent by the whole run; absent when the subject's price is unknown. */
  readonly costUsd?: number;
  /** Used by the whole run. */
  readonly tokens: number;
}

/** What `askAll` did. */
export interface AskSummary {
  /** Stored now, failed ones included. */
  readonly asked: number;
  /** Found in the store. */
  readonly skipped: number;
  /** Stored now without an answer. */
  readonly failed: number;
  /** Of those asked: answered from the cache. */
  readonly cached: number;
  readonly stopped?: Stop;
}

/** The state of one `askAll`. */
export class Session {
  readonly subject: Subject;
  readonly scheduler: Scheduler;
  readonly lane: Lane;
  readonly counts = { asked: 0, skipped: 0, failed: 0, cached: 0, waitingMs: 0 };
  /** The first error that is none of the provider's: it ends the session. */
  crash: { readonly error: unknown } | undefined;
  #stopped: Stop | undefined;
  /** Fires when nothing new may start; cuts waits short. */
  readonly #drain = new AbortController();
  /** Fires when requests in flight are given up. */
  readonly #abandon = new AbortController();
  readonly #alarm: StallAlarm;
  #inFlight = 0;

  constructor(subject: Subject, scheduler: Scheduler) {
    this.subject = subject;
    this.scheduler = scheduler;
    this.lane = scheduler.lane(subject);
    this.#alarm = createStallAlarm(scheduler.stall, scheduler.clock.now());
  }

  get stopped(): Stop | undefined {
    return this.#stopped;
  }

  /** True when nothing new may start. */
  get isDraining(): boolean {
    return this.#stopped !== undefined || this.crash !== undefined;
  }

  /** True when answers that still arrive are to be thrown away. */
  get isAbandoned(): boolean {
    return this.#abandon.signal.aborted;
  }

  get requestSignal(): AbortSignal {
    return this.#abandon.signal;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get isFree(): boolean {
    return this.lane.concurrency.isFree;
  }

  get isBudgeted(): boolean {
    return this.scheduler.budget.isLimited;
  }

  /** How long no answer has come. */
  get silentMs(): number {
    return this.#alarm.silentMs(this.scheduler.clock.now());
  }

  enter(): void {
    this.#inFlight++;
    this.lane.concurrency.enter();
  }

  leave(): void {
    this.#inFlight--;
    this.lane.concurrency.leave();
    this.lane.change.announce();
  }

  /** Resets the alarm. */
  moved(): void {
    this.#alarm.moved(this.scheduler.clock.now());
  }

  lookForStall(): StallState {
    return this.#alarm.look(this.scheduler.clock.now(), this.#inFlight);
  }

  /** What is in flight finishes, nothing new starts; the first reason stands. */
  stop(reason: StopReason, message: string): void {
    this.#stopped ??= { reason, message: `${this.subject.name}: ${message}` };
    this.#drain.abort();
    this.lane.change.announce();
  }

  crashed(error: unknown): void {
    this.crash ??= { error };
    this.#drain.abort();
    this.lane.change.announce();
  }

  /** Gives up what is in flight. */
  abandon(): void {
    this.#abandon.abort();
    this.lane.change.announce();
  }

  async sleep(ms: number): Promise<void> {
    const start = this.scheduler.clock.now();
    await this.scheduler.clock.sleep(ms, this.#drain.signal);
    this.counts.waitingMs += this.scheduler.clock.now() - start;
  }

  /** Waits out what the provider asked for; most calls return before the first `await`. */
  async untilUnpaused(): Promise<void> {
    const { clock } = this.scheduler;
    while (!this.isDraining && this.lane.pausedUntil > clock.now())
      await this.sleep(this.lane.pausedUntil - clock.now());
  }

  /** Nobody sends before the wait is over; a wait that is too long ends the session. */
  pause(waitMs: number): void {
    const { clock, longestWaitMs } = this.scheduler;
    if (waitMs > longestWaitMs) this.stop("quota", tooLongWait(waitMs, longestWaitMs));
    else this.lane.pausedUntil = Math.max(this.lane.pausedUntil, clock.now() + waitMs);
  }

  /** @returns undefined, and stops, when the budget is used up; waits for what is in flight before it says so */
  async reserve(question: Question): Promise<Reservation | undefined> {
    const { budget } = this.scheduler;
    while (!this.isDraining) {
      const reservation = budget.reserve(question, this.lane.price);
      if (reservation !== undefined) return reservation;
      if (this.lane.concurrency.inFlight > 0) await this.lane.change.next();
      else this.stop("budget", `The next call could pass the budget (${spentText(this)}); resume with a larger one`);
    }
    return undefined;
  }

  /** Gives back what `reserve` set aside. */
  release(reservation: Reservation | undefined): void {
    if (reservation !== undefined) this.scheduler.budget.release(reservation);
  }

  progress(total: number | undefined): AskProgress {
    const { counts, lane, scheduler } = this;
    const { usd, tokens } = scheduler.budget.spent;
    return {
      done: counts.asked + counts.skipped,
      ...(total === undefined ? {} : { total }),
      failed: counts.failed,
      inFlight: lane.concurrency.inFlight,
      concurrency: lane.concurrency.limit,
      retries: scheduler.retries,
      waitingMs: counts.waitingMs,
      ...(lane.price === undefined ? {} : { costUsd: usd }),
      tokens,
    };
  }

  summary(): AskSummary {
    const { asked, skipped, failed, cached } = this.counts;
    return { asked, skipped, failed, cached, ...(this.#stopped === undefined ? {} : { stopped: this.#stopped }) };
  }
}

const tooLongWait = (waitMs: number, longestMs: number): string =>
  `The provider asks to wait ${Math.round(waitMs / 1000)} s, longer than the ${longestMs / 1000} s we wait; resume later`;

function spentText({ scheduler, lane }: Session): string {
  const { usd, tokens } = scheduler.budget.spent;
  return lane.price === undefined ? `spent ${tokens} tokens` : `spent ${usd.toFixed(4)} USD, ${tokens} tokens`;
}
