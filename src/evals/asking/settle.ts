import type { Answer, Json, Sample } from "#base";
import type { Reservation } from "../scheduler/budget.ts";
import type { Failure } from "../scheduler/failure.ts";
import type { Outcome } from "./attempts.ts";
import type { Session } from "./session.ts";

export interface SettlerOptions<Truth extends Json> {
  readonly session: Session;
  /** Scores and stores one answer; durable when it returns. */
  readonly commit: (sample: Sample<Truth>, answer: Answer, from: { readonly cached: boolean }) => void;
}

/**
 * Books outcomes. A question that failed for good is stored only once an answer, another error or the end of the
 * samples shows that it was no outage: what the breaker, a wrong key or an abort cuts off is asked again on resume.
 */
export class Settler<Truth extends Json> {
  readonly #session: Session;
  readonly #commit: SettlerOptions<Truth>["commit"];
  #suspects: { readonly sample: Sample<Truth>; readonly failure: Failure }[] = [];

  constructor({ session, commit }: SettlerOptions<Truth>) {
    this.#session = session;
    this.#commit = commit;
  }

  settle(sample: Sample<Truth>, outcome: Outcome, reservation: Reservation | undefined): void {
    if ("failure" in outcome) this.#failed(sample, outcome.failure);
    else this.#answered(sample, outcome.answer, reservation);
  }

  /** Books what came from the cache: nothing was spent and the provider's health is unknown. */
  recalled(sample: Sample<Truth>, answer: Answer): void {
    this.#session.counts.cached++;
    this.#store(sample, answer, { cached: true });
  }

  /** Stores the failures that turned out to be no outage. */
  flush(): void {
    const suspects = this.#suspects;
    this.#suspects = [];
    for (const { sample, failure } of suspects) {
      this.#session.counts.failed++;
      this.#store(sample, failedAnswer(failure));
    }
  }

  #answered(sample: Sample<Truth>, answer: Answer, reservation: Reservation | undefined): void {
    const { scheduler, lane } = this.#session;
    const used = answer.usage ?? reservation?.estimate;
    if (used !== undefined) scheduler.budget.spend(used, lane.price, reservation?.estimate);
    scheduler.answered(lane);
    this.#store(sample, answer);
    if (this.#suspects.length > 0) this.flush();
  }

  #failed(sample: Sample<Truth>, failure: Failure): void {
    const session = this.#session;
    const { breaker, answers } = session.lane;
    if (failure.stops || (failure.unreachable && answers === 0)) session.stop(...noAccess(failure));
    if (session.isDraining) return;
    if (breaker.failed(failure).isNew) this.flush();
    this.#suspects.push({ sample, failure });
    if (!breaker.isOpen) return;
    this.#suspects = [];
    session.stop("breaker", sameError(breaker.count, failure));
  }

  #store(sample: Sample<Truth>, answer: Answer, from = { cached: false }): void {
    this.#commit(sample, answer, from);
    this.#session.counts.asked++;
    this.#session.moved();
  }
}

const failedAnswer = ({ kind, message, ...rest }: Failure): Answer => ({
  text: null,
  finishReason: "error",
  latencyMs: 0,
  raw: { code: rest.code, status: rest.status ?? null },
  error: { kind, message },
});

const noAccess = ({ kind, message }: Failure): ["access" | "quota", string] => [
  kind === "quota" ? "quota" : "access",
  `No question can be answered, "${message}"; mend this and resume the run`,
];

const sameError = (count: number, { message }: Failure): string =>
  `${count} questions in a row failed with "${message}"; none of them was stored, resume the run to ask them again`;
