import { setImmediate } from "node:timers/promises";
import type { Answer, Question, Sample, Scorer, Subject } from "#base";
import {
  type AnswerStore,
  type AskContext,
  type Clock,
  type Failure,
  Scheduler,
  type SchedulerOptions,
  type ScoredAnswer,
} from "#evals";

/** A clock that jumps over every wait and keeps a list of them; its ticker rings only when told to. */
export interface JumpingClock extends Clock {
  readonly waits: number[];
  advance(ms: number): void;
  tick(): void;
}

export function jumpingClock(): JumpingClock {
  let time = Date.UTC(2026, 10, 24);
  const waits: number[] = [];
  const tickers = new Set<() => void>();
  return {
    waits,
    now: () => time,
    async sleep(ms, signal) {
      if (signal.aborted) return;
      const until = time + ms;
      waits.push(ms);
      await setImmediate();
      time = Math.max(time, until);
    },
    every(_ms, callback) {
      tickers.add(callback);
      return () => tickers.delete(callback);
    },
    advance(ms) {
      time += ms;
    },
    tick() {
      for (const callback of tickers) callback();
    },
  };
}

/** A store in memory that refuses a second answer to the same question. */
export class MemoryStore implements AnswerStore {
  readonly answers = new Map<string, Answer>();

  has(subject: string, sampleId: string, repeat: number): boolean {
    return this.answers.has(`${subject} ${sampleId} ${repeat}`);
  }

  commit({ subject, sample, answer }: ScoredAnswer): void {
    if (this.has(subject, sample.id, sample.repeat)) throw new Error(`second answer to ${sample.id}`);
    this.answers.set(`${subject} ${sample.id} ${sample.repeat}`, answer);
  }
}

/** Samples `s0`, `s1` … whose question is "Question 0" …; a generator, so that reading ahead would be seen. */
export function* samples(count: number, extra: Partial<Question> = {}): Generator<Sample<string>> {
  for (let index = 0; index < count; index++) {
    const question = { parts: [{ type: "text", text: `Question ${index}` } as const], sampling: {}, ...extra };
    yield { id: `s${index}`, group: "all", repeat: 0, question, truth: `Answer ${index}` };
  }
}

/** Right when the response is the truth. */
export const exact: Scorer<string> = (response, truth) => ({ exact: response === truth ? 1 : 0 });

/** A subject that answers with a function. */
export function subjectOf(reply: (question: Question, context: AskContext) => Promise<Answer> | Answer): Subject {
  return {
    name: "test/subject",
    kind: "api",
    identity: { test: 1 },
    ask: async (question, context) => reply(question, context),
  };
}

export const answer = (text: string | null, extra: Partial<Answer> = {}): Answer => ({
  text,
  finishReason: "stop",
  usage: { inputTokens: 10, outputTokens: 2 },
  latencyMs: 1,
  raw: {},
  ...extra,
});

/** What providers fail with. */
export const failures = {
  serverError: { kind: "transient", code: "server-error", message: "500 down", status: 500, retry: true },
  rateLimit: { kind: "quota", code: "rate-limit", message: "429 slow down", retry: true, overload: true },
  tooLong: { kind: "permanent", code: "bad-request", message: "400 too long", status: 400, retry: false },
} satisfies Readonly<Record<string, Failure>>;

/** A scheduler whose waits take no time, an empty store, and the scorer. */
export function setup(options: SchedulerOptions = {}) {
  const clock = jumpingClock();
  return { clock, answers: new MemoryStore(), scheduler: new Scheduler({ clock, ...options }), score: exact };
}
