import { type Answer, type Json, type Sample, type Score, type Scorer, type Subject, UsageError } from "#base";
import { type Asking, askEach } from "./asking/each.ts";
import { type AskProgress, type AskSummary, Session } from "./asking/session.ts";
import type { AnswerCache } from "./cache.ts";
import { Scheduler } from "./scheduler/scheduler.ts";

/** Where answers are kept; a run implements it. */
export interface AnswerStore {
  has(subject: string, sampleId: string, repeat: number): boolean;
  /** Durable when it returns. */
  commit(scored: ScoredAnswer): void;
}

/** What one commit stores. */
export interface ScoredAnswer {
  readonly subject: string;
  readonly sample: Sample;
  readonly answer: Answer;
  readonly score: Score;
  /** True when it came from the cache. */
  readonly cached: boolean;
}

/** Who is asked what, who judges, where it is stored, and what bounds it. */
export interface AskAllOptions<Truth extends Json> {
  readonly subject: Subject;
  /** Read one at a time, as slots become free. */
  readonly samples: Iterable<Sample<Truth>> | AsyncIterable<Sample<Truth>>;
  readonly score: Scorer<Truth>;
  readonly answers: AnswerStore;
  /** One per run, so that budget, retries and breaker cover all of it. */
  readonly scheduler?: Scheduler;
  readonly cache?: AnswerCache;
  /** Fires to drain: what is in flight finishes and is stored, nothing new starts. */
  readonly signal?: AbortSignal;
  /** How many samples there are, when that is known. */
  readonly total?: number;
  readonly onProgress?: (progress: AskProgress) => void;
  /** What a person should read: a stall, an unknown price. */
  readonly onNotice?: (message: string) => void;
}

/** Often enough for the eye, rarely enough to cost nothing. */
const lookEveryMs = 500;

/**
 * Asks a subject every question that the store has no answer to, and stores each answer with its score before its slot
 * is used again.
 *
 * @returns what was done, and why it ended early if it did; a question cut off by that is not stored
 * @throws UsageError PRICE_UNKNOWN for a budget in dollars and a subject without a price; whatever the study's own
 *   code, the store or a subject throws that is no SubjectError, after what is in flight has been stored
 */
export async function askAll<Truth extends Json>(options: AskAllOptions<Truth>): Promise<AskSummary> {
  const { subject, signal, onProgress, total } = options;
  const session = new Session(subject, options.scheduler ?? new Scheduler());
  requirePrice(session);
  const quit = () => session.stop("abort", "Interrupted; resume the run to ask the rest");
  if (signal?.aborted) quit();
  signal?.addEventListener("abort", quit);
  const stopLooking = session.scheduler.clock.every(lookEveryMs, () => look(session, options));
  try {
    await askEach(session, { ...options, commit: committer(options) } satisfies Asking<Truth>);
  } finally {
    stopLooking();
    signal?.removeEventListener("abort", quit);
    onProgress?.(session.progress(total));
  }
  if (session.crash !== undefined) throw session.crash.error;
  return session.summary();
}

const committer =
  <Truth extends Json>({ subject, answers, score }: AskAllOptions<Truth>) =>
  (sample: Sample<Truth>, answer: Answer, { cached }: { cached: boolean }): void =>
    answers.commit({ subject: subject.name, sample, answer, score: score(answer.text, sample.truth), cached });

function requirePrice({ subject, lane, scheduler }: Session): void {
  if (!scheduler.budget.isLimitedInUsd || lane.price !== undefined) return;
  throw new UsageError(
    "PRICE_UNKNOWN",
    `${subject.name}: Expected a known price for a budget in dollars, got none; set a budget in tokens, or add its price`,
  );
}

function look<Truth extends Json>(session: Session, { onProgress, onNotice, total }: AskAllOptions<Truth>): void {
  onProgress?.(session.progress(total));
  const state = session.lookForStall();
  const seconds = Math.round(session.silentMs / 1000);
  if (state === "warn") onNotice?.(`${session.subject.name}: No answer for ${seconds} s; still waiting`);
  if (state !== "stop") return;
  session.stop("stall", `No answer for ${seconds} s; gave up what was in flight, resume the run to ask it again`);
  session.abandon();
}
