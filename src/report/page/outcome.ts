import type { SampleGroup, ShownSample } from "../report.ts";

/** How an answer ended; `none` when nothing came, `unscored` when no metric applies. */
export type Outcome = "right" | "partly" | "wrong" | "none" | "unscored";

/** What a reader sees of each outcome: a sign and a word. */
export const outcomes: Readonly<Record<Outcome, { readonly sign: string; readonly word: string }>> = {
  right: { sign: "✓", word: "right" },
  partly: { sign: "◐", word: "partly right" },
  wrong: { sign: "✗", word: "wrong" },
  none: { sign: "∅", word: "no answer" },
  unscored: { sign: "–", word: "not scored" },
};

/** Judged by the group's deciding metric, or the first that applies where that one does not. */
export function outcomeOf({ answer, score }: Pick<ShownSample, "answer" | "score">, decides?: string): Outcome {
  if (answer === null) return "none";
  const deciding = decides === undefined ? undefined : score[decides];
  const value = deciding ?? Object.values(score).find((one) => one !== null);
  if (value === undefined || value === null || Number.isNaN(value)) return "unscored";
  if (value >= 1) return "right";
  return value > 0 ? "partly" : "wrong";
}

/** One question with every subject's answer to it. */
export interface Asked {
  readonly question: ShownSample;
  readonly answers: readonly ShownSample[];
}

/** Answers to the same question together, so that they can be compared and its pictures are stored once. */
export function askedQuestions({ samples }: SampleGroup): Asked[] {
  const together = Map.groupBy(samples, ({ id, prompt, truth }) => JSON.stringify([id, prompt, truth]));
  return [...together.values()].map((answers) => ({ question: answers[0]!, answers }));
}
