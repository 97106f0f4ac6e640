import type { MeasuredRecord, Scorer } from "#base";
import { bleu, bNorm, chrf, rouge, sentenceBNorm, sentenceChrf, sentenceRouge, type TextPair } from "#evals/metrics";
import type { AnsweredSample } from "#runs";
import { failureOf } from "../failures.ts";
import { type Measured, meanOf, type Recording, recordOf } from "../records.ts";

/** What a message is judged by. */
export type MessageTruth = { readonly message: string };

/** The variant of every metric, in one line. */
export const messageSignature = (): string =>
  [
    "commit-messages|text:raw",
    ...[bleu([]), chrf([]), rouge("rouge-1", []), rouge("rouge-2", []), rouge("rouge-l", []), bNorm([])].map(
      ({ signature }) => signature,
    ),
    "v:1",
  ].join("|");

/**
 * Sentence scores of one message, from 0 to 100, on the raw answer: nothing is stripped, as the authors have it.
 *
 * A missing message is an empty one, and gets what an empty one gets.
 */
export async function messageScorer(): Promise<Scorer<MessageTruth>> {
  return (response, { message }) => {
    const text = response ?? "";
    return {
      chrf: sentenceChrf(text, message),
      rouge1: sentenceRouge("rouge-1", text, message),
      rouge2: sentenceRouge("rouge-2", text, message),
      rougeL: sentenceRouge("rouge-l", text, message),
      similarity: sentenceRouge("rouge-l", text, message) / 100,
      bNorm: sentenceBNorm(text, message),
      ...failureOf(response, () => true),
    };
  };
}

/** Answers beside the messages that were written. */
export const pairsOf = (answers: readonly AnsweredSample<MessageTruth>[]): TextPair[] =>
  answers.map(({ text, truth }) => ({ candidate: text ?? "", reference: truth.message }));

/**
 * BLEU and ChrF of the corpus, means of ROUGE and B-Norm; each the mean over repeats, whose n counts the commits.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, §4.4
 */
export function messageRecords(
  answers: readonly AnsweredSample<MessageTruth>[],
  recording: Recording,
): MeasuredRecord[] {
  const repeats = [...Map.groupBy(answers, ({ repeat }) => repeat).values()].map(pairsOf);
  const n = repeats[0]?.length ?? 0;
  const metrics = {
    bleu: (pairs: TextPair[]) => bleu(pairs).value,
    chrf: (pairs: TextPair[]) => chrf(pairs).value,
    rouge1: (pairs: TextPair[]) => rouge("rouge-1", pairs).value,
    rouge2: (pairs: TextPair[]) => rouge("rouge-2", pairs).value,
    rougeL: (pairs: TextPair[]) => rouge("rouge-l", pairs).value,
    bNorm: (pairs: TextPair[]) => bNorm(pairs).value,
  };
  return Object.entries(metrics).map(([metric, measure]) =>
    recordOf(metric, { ...intervalOf(answers, metric), ...overRepeats(repeats, measure), n }, recording),
  );
}

function overRepeats(repeats: readonly TextPair[][], measure: (pairs: TextPair[]) => number | null) {
  const values = repeats.flatMap((pairs) => measure(pairs) ?? []);
  return { value: meanOf(values).value };
}

/** Of the means over sentences alone: corpus metrics are no means. */
function intervalOf(answers: readonly AnsweredSample<MessageTruth>[], metric: string): Pick<Measured, "interval"> {
  if (metric === "bleu" || metric === "chrf") return {};
  const commits = [...Map.groupBy(answers, ({ sample }) => sample).values()];
  const means = commits.map((repeats) => meanOf(repeats.map(({ score }) => score[metric] ?? 0)).value!);
  const { interval } = meanOf(means, { most: 100 });
  return interval === undefined ? {} : { interval };
}
