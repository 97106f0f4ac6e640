import { type MeasuredRecord, mean, type Scorer } from "#base";
import { namedFiles } from "#evals";
import {
  averagePrecision,
  type FileSet,
  type Localization,
  precisionAt,
  rankSignature,
  recallAt,
  reciprocalRank,
  setMetrics,
  setSignature,
} from "#evals/metrics";
import type { AnsweredSample } from "#runs";
import { failureOf } from "../failures.ts";
import { meanOf, type Recording, recordOf, scoresOf } from "../records.ts";
import type { Settings } from "../settings.ts";

/** What a ranking is judged by. */
export type BugTruth = {
  readonly item: string;
  readonly files: readonly string[];
};

/** Every file that an item's answer could name. */
export type CandidatesOf = (item: string) => readonly string[];

/** The variant of every metric, in one line. */
export const localizationSignature = ({ profile }: Pick<Settings, "profile">): string =>
  `bug-localization|reply:${profile}|${profile === "2025" ? setSignature : rankSignature()}|v:1`;

/**
 * R@k, P@k, F1, average precision and reciprocal rank of one answer; k is 1 for one changed file, else 2. R@1 applies to
 * samples with one changed file, R@2 and P@2 to those with several. A reply that names no known file is unread, and all
 * its metrics are 0.
 */
export async function localizationScorer(
  candidatesOf: CandidatesOf,
  { profile }: Pick<Settings, "profile">,
): Promise<Scorer<BugTruth>> {
  return (response, truth) => {
    const candidates = candidatesOf(truth.item);
    const named = response === null ? null : namedFiles(response, { profile, candidates });
    const sample: Localization = { ranked: named ?? [], truth: truth.files };
    const isSingle = truth.files.length === 1;
    const k = isSingle ? 1 : 2;
    const [precision, recall] = [precisionAt(sample, k), recallAt(sample, k)];
    return {
      recallAt1: isSingle ? recall : null,
      recallAt2: isSingle ? null : recall,
      precisionAt2: isSingle ? null : precision,
      f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
      map: averagePrecision(sample),
      mrr: reciprocalRank(sample),
      ...setScores({ predicted: named, truth: truth.files, candidates }),
      rank: rankOf(sample),
      ...failureOf(response, () => named !== null && named.length > 0),
    };
  };
}

function setScores(sample: FileSet) {
  const { all } = setMetrics([sample]);
  const { precision, recall, f1, falsePositiveRate, allCorrect, atLeastOne, allIncorrect } = all!;
  return {
    setPrecision: precision,
    setRecall: recall,
    setF1: f1,
    falsePositiveRate,
    allCorrect,
    atLeastOne,
    allIncorrect,
  };
}

/** The place of the first changed file, from 1; null where none was named. */
function rankOf({ ranked, truth }: Localization): number | null {
  const at = [...new Set(ranked)].findIndex((file) => truth.includes(file));
  return at < 0 ? null : at + 1;
}

const rankNames = ["recallAt1", "recallAt2", "precisionAt2", "f1", "map", "mrr"] as const;

const setNames = [
  ...["setPrecision", "setRecall", "setF1", "falsePositiveRate", "allCorrect", "atLeastOne", "allIncorrect"],
] as const;

/** Means over the samples to which each metric applies, from 0 to 1; the metrics of sets also over read replies alone. */
export function localizationRecords(
  answers: readonly AnsweredSample<BugTruth>[],
  recording: Recording,
): MeasuredRecord[] {
  const read = answers.filter(({ score }) => score.missing === 0 && score.unparsed === 0 && score.refused === 0);
  const named = answers.map(({ score }) => score.rank).filter((rank) => typeof rank === "number");
  return [
    ...[...rankNames, ...setNames].map((metric) => recordOf(metric, meanOf(scoresOf(answers, metric)), recording)),
    ...setNames.map((metric) => recordOf(`${metric}OfRead`, meanOf(scoresOf(read, metric)), recording)),
    recordOf("meanRank", { value: named.length === 0 ? null : mean(named), n: named.length }, recording),
  ];
}
