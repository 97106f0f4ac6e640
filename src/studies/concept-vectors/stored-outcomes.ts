import type { Run } from "#runs";
import type { Answers } from "./behaviour.ts";
import type { Outcome } from "./examine.ts";

/** One examined method, as its step stored it. */
export interface StoredOutcome {
  readonly subject: string;
  readonly concept: string;
  readonly method: string;
  readonly seed: number;
  readonly outcome: Outcome;
}

/** Every outcome of a run, by concept and method. */
export function storedOutcomes(run: Run): StoredOutcome[] {
  return [...run.steps()].flatMap(([name, value]) => {
    const [, subject, concept, method, seed] = /^(.+?): (.+) by (\S+), seed (\d+)$/.exec(name) ?? [];
    if (subject === undefined) return [];
    const outcome = value as unknown as Outcome;
    return [{ subject, concept: concept!, method: method!, seed: Number(seed), outcome }];
  });
}

/** What each model said before, by "subject: concept". */
export function storedAnswers(run: Run): Map<string, Answers> {
  const entries = [...run.steps()].filter(([name]) => name.endsWith(" before"));
  return new Map(entries.map(([name, value]) => [name.replace(/ before$/, ""), value as unknown as Answers]));
}
