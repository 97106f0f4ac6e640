/** All numbers of one subject. */
import { type MeasuredRecord, mean } from "#base";
import type { Case, Excluded } from "./case.ts";
import { contrastRecords } from "./contrasts.ts";
import type { WorldCount } from "./controlled-arm.ts";
import type { LeftOut } from "./fact.ts";
import { matrixRecords, type RecordOptions } from "./matrix-records.ts";
import type { MergeCount } from "./merge-arm.ts";
import { correlationRecords, type Prediction, type Ranking, rankRecords, similarityRecords } from "./predictor.ts";
import { errorRecords, excludedRecords, knownRecords, strataRecords } from "./strata-records.ts";

/** What one subject's run counted. */
export interface SubjectCount {
  readonly cases: readonly Case[];
  readonly excluded: readonly Excluded[];
  readonly leftOut: readonly LeftOut[];
  readonly predictions: readonly Prediction[];
  readonly rankings: readonly Ranking[];
  readonly merges: readonly Pick<MergeCount, "model" | "moved">[];
  readonly worlds: readonly WorldCount[];
}

/** Seeds together; what the data leave out whatever the seed is counted once. */
export function joined(counts: readonly SubjectCount[]): SubjectCount {
  const leftOut = new Map(counts.flatMap((one) => one.leftOut.map((out) => [JSON.stringify(out), out] as const)));
  return {
    cases: counts.flatMap(({ cases }) => cases),
    excluded: counts.flatMap(({ excluded }) => excluded),
    leftOut: [...leftOut.values()],
    predictions: counts.flatMap(({ predictions }) => predictions),
    rankings: counts.flatMap(({ rankings }) => rankings),
    merges: counts.flatMap(({ merges }) => merges),
    worlds: counts.flatMap(({ worlds }) => worlds),
  };
}

/** Boils a subject's cases down: cells, means, strata, errors, exclusions, predictors. */
export function subjectRecords(count: SubjectCount, options: RecordOptions): MeasuredRecord[] {
  const { cases, excluded, predictions, rankings, merges, worlds } = count;
  return [
    ...matrixRecords(cases, options),
    ...strataRecords(cases, options),
    ...errorRecords(cases, options),
    ...knownRecords(cases, options),
    ...contrastRecords(cases, options),
    ...excludedRecords([...excluded, ...count.leftOut.map(asExcluded)], options),
    ...similarityRecords(predictions, options).map((record) => inArm(record, "matrix", "unmerged")),
    ...rankRecords(rankings, options).map((record) => inArm(record, "matrix", "unmerged")),
    ...correlationRecords(cases, { predictions, rankings }, options),
    ...[...Map.groupBy(merges, ({ model }) => model)].map(([model, own]) => ({
      subject: options.subject,
      setting: { arm: "merge", model },
      metric: "moved",
      value: mean(own.map(({ moved }) => moved)),
      n: own.length,
    })),
    ...[...Map.groupBy(worlds, ({ world }) => world)].flatMap(([world, own]) => worldRecords(world, own, options)),
  ];
}

/** One world as every seed made it: how alike keys are, and how well its models learned. */
function worldRecords(world: string, counts: readonly WorldCount[], options: RecordOptions): MeasuredRecord[] {
  const predictions = counts.flatMap((one) => one.predictions);
  const loss = { metric: "trainingLoss", value: mean(counts.map((one) => one.loss)), n: counts.length };
  return [
    ...similarityRecords(predictions, options).map((record) => inArm(record, "controlled", world)),
    { subject: options.subject, setting: { arm: "controlled", model: world }, ...loss },
  ];
}

const inArm = (record: MeasuredRecord, arm: string, model: string): MeasuredRecord => ({
  ...record,
  setting: { arm, model, ...record.setting },
});

const asExcluded = ({ id, language, reason }: LeftOut): Excluded => ({
  arm: "data",
  model: "",
  editor: "none",
  seed: 0,
  fact: id,
  edit: language,
  reason,
});
