import type { Score } from "#base";
import { type SampleScore, scoreSample } from "./scorer.ts";
import { scoreLenient } from "./scorer-lenient.ts";
import { readTruth } from "./truth.ts";

/** The official metrics of one answer. */
export const strictMetrics = [
  "existence",
  "index",
  "exact",
  "firstIndex",
  "firstExact",
  "allIndex",
  "allExact",
] as const satisfies readonly (keyof SampleScore)[];

/** Beyond the paper: what the answer means, however it is written, and how often it is in another form than asked for. */
export const lenientMetrics = ["lenientExistence", "lenientIndex", "lenientExact", "formatFailure"] as const;

/** One of the metrics that a record may hold. */
export type Metric = (typeof strictMetrics)[number] | (typeof lenientMetrics)[number] | "empty";

/**
 * Everything that is measured on one answer: the official metrics, the lenient ones beside them, whether it was empty.
 *
 * A missing answer has no metric and so leaves every denominator, as in the official scripts; with `nullAsWrong` it
 * misses them all. Mixed samples have lenient metrics only: the official scripts do not know them.
 *
 * Source   Wang et al. 2025, MMNeedle, §3.4; scorer.ts and scorer-lenient.ts hold the equations
 */
export function scoreAnswer(
  response: string | null,
  truth: string,
  { nullAsWrong }: { readonly nullAsWrong: boolean },
): Score {
  const needles = truth.split("; ").length;
  const answered = { needles, truth, response: response ?? (nullAsWrong ? noAnswer : null) };
  const strict = isMixed(truth, needles) ? null : scoreSample(answered);
  const lenient = scoreLenient(answered);
  const isMissed = response === null && nullAsWrong;
  return {
    empty: Number(response === null),
    ...(strict && pick(strict, strictMetrics)),
    ...(strict?.compared !== undefined && { compared: isMissed ? needles : strict.compared }),
    ...(lenient && {
      lenientExistence: isMissed ? 0 : lenient.existence,
      lenientIndex: lenient.index,
      lenientExact: lenient.exact,
    }),
    ...(lenient && !isMissed && { formatFailure: lenient.formatFailure }),
    ...(isMissed && !isMixed(truth, needles) && { existence: 0 }),
  };
}

/** Stands for an answer that never came where it is counted as wrong: no picture, no sign of absence. */
const noAnswer = "";

function pick(score: SampleScore, metrics: readonly (keyof SampleScore)[]): Score {
  const held = metrics.filter((metric) => score[metric] !== undefined);
  return Object.fromEntries(held.map((metric) => [metric, score[metric]!]));
}

/** Whether some needles are present and some are not. */
export function isMixed(truth: string, needles: number): boolean {
  const absent = readTruth(truth, needles).filter((place) => place === null).length;
  return absent > 0 && absent < needles;
}
