import type { MeasuredRecord, Scorer } from "#base";
import { compScore, type Judgement, sentenceRouge } from "#evals/metrics";
import { failureOf } from "../failures.ts";
import { meanOf, type Recording, recordOf } from "../records.ts";
import type { Settings } from "../settings.ts";
import { isMiniatureJudge } from "./judge.ts";

/** What a document is judged by. */
export type DocumentTruth = { readonly target: string };

/** The variant of every metric, in one line. */
export const documentSignature = ({ judge, judgeTokens }: Pick<Settings, "judge" | "judgeTokens">): string =>
  `module-summarization|${compScore([]).signature}|judge:${judge || "none"}|code:${judgeTokens}-tokens|rouge-l|v:1`;

/** What can be said of a document without a judge: whether one came, and what it shares with the true one. */
export async function documentScorer(): Promise<Scorer<DocumentTruth>> {
  return (response, { target }) => {
    const failure = failureOf(response, () => true);
    const written = failure.missing + failure.refused === 0;
    return { rougeL: sentenceRouge("rouge-l", response ?? "", target) / 100, written: Number(written), ...failure };
  };
}

/** A document that is the true one, letter for letter, must score this. */
export const identicalScore = 50;

/**
 * CompScore with its position bias, from 0 to 100. A missing document is compared as an empty one.
 *
 * A miniature judges nothing: of its judgements only the bias is recorded, and what identical texts get.
 */
export function judgedRecords(
  judgements: readonly Judgement[],
  { recording, judge, identical }: Judged,
): MeasuredRecord[] {
  if (judgements.length === 0) return [];
  const { value, n, perSample, positionBias, flips } = compScore(judgements);
  const { interval } = meanOf(perSample, { most: 100 });
  const own = identical
    ? [recordOf("compScoreOfIdentical", { value, n }, recording)]
    : isMiniatureJudge(judge)
      ? []
      : [recordOf("compScore", { value, n, ...(interval && { interval }) }, recording)];
  return [
    ...own,
    recordOf("positionBias", { value: positionBias, n }, recording),
    recordOf("flips", { value: flips === null ? null : 100 * flips, n }, recording),
  ];
}

interface Judged {
  readonly recording: Recording;
  readonly judge: string;
  /** Whether the answers are the truths themselves. */
  readonly identical: boolean;
}
