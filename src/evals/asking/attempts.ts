import type { Answer, Question } from "#base";
import { backoffMs } from "../scheduler/backoff.ts";
import { type Failure, SubjectError } from "../scheduler/failure.ts";
import type { Session } from "./session.ts";

/** What a subject is given with a question; a subject without a provider ignores all of it. */
export interface AskContext {
  readonly signal?: AbortSignal;
  /** The provider asks for a pause before the next request. */
  readonly onPause?: (waitMs: number) => void;
}

export type Outcome = { readonly answer: Answer } | { readonly failure: Failure };

/**
 * Asks until there is an answer, or an error that asking again cannot mend, or no retry left.
 *
 * @returns undefined when the session stopped before there was an outcome: the question stays open
 */
export async function askPatiently(question: Question, id: string, session: Session): Promise<Outcome | undefined> {
  const context: AskContext = { signal: session.requestSignal, onPause: (waitMs) => session.pause(waitMs) };
  for (let attempt = 0; ; attempt++) {
    if (session.lane.pausedUntil > 0) await session.untilUnpaused();
    if (session.isDraining) return undefined;
    const outcome = await askOnce(question, context, session);
    if (session.isAbandoned) return undefined;
    if ("answer" in outcome || !mayRetry(outcome.failure, attempt, session)) return outcome;
    await waitBeforeRetry(outcome.failure, `${id}/${attempt}`, { attempt, session });
  }
}

async function askOnce(question: Question, context: AskContext, session: Session): Promise<Outcome> {
  const { concurrency } = session.lane;
  const ticket = concurrency.start();
  try {
    const answer = await session.subject.ask(question, context);
    concurrency.answered();
    return { answer };
  } catch (error) {
    if (!(error instanceof SubjectError)) throw error;
    if (error.failure.overload) concurrency.overloaded(ticket);
    return { failure: error.failure };
  }
}

function mayRetry({ retry, unreachable }: Failure, attempt: number, session: Session): boolean {
  const { scheduler, lane } = session;
  if (!retry || attempt >= scheduler.retriesPerQuestion) return false;
  // A server that never answered and cannot be reached is a wrong address, not an outage.
  return !(unreachable && lane.answers === 0);
}

interface Retry {
  readonly attempt: number;
  readonly session: Session;
}

async function waitBeforeRetry(failure: Failure, key: string, { attempt, session }: Retry): Promise<void> {
  const { scheduler } = session;
  if (!scheduler.takeRetry()) {
    const message = `No retry is left after ${scheduler.retries} of them, the last error was "${failure.message}"; resume later`;
    return session.stop("retries", message);
  }
  // "retry-after: 0" is no wish that we hurry.
  if (failure.waitMs) session.pause(failure.waitMs);
  else await session.sleep(backoffMs(key, attempt, scheduler.backoff));
}
