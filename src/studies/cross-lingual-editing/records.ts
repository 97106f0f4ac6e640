/** All numbers of one subject. */
import type { MeasuredRecord } from "#base";
import type { Case, Excluded } from "./case.ts";
import { contrastRecords } from "./contrasts.ts";
import type { WorldCount } from "./controlled-arm.ts";
import type { LeftOut } from "./fact.ts";
import { matrixRecords, type RecordOptions } from "./matrix-records.ts";
import { correlationRecords, type Prediction, type Ranking, rankRecords, similarityRecords } from "./predictor.ts";
import { errorRecords, excludedRecords, strataRecords } from "./strata-records.ts";

/** What one subject's run counted. */
export interface SubjectCount {
  readonly cases: readonly Case[];
  readonly excluded: readonly Excluded[];
  readonly leftOut: readonly LeftOut[];
  readonly predictions: readonly Prediction[];
  readonly rankings: readonly Ranking[];
  readonly worlds: readonly WorldCount[];
}

/** Boils a subject's cases down: cells, means, strata, errors, exclusions, predictors. */
export function subjectRecords(count: SubjectCount, options: RecordOptions): MeasuredRecord[] {
  const { cases, excluded, predictions, rankings, worlds } = count;
  return [
    ...matrixRecords(cases, options),
    ...strataRecords(cases, options),
    ...errorRecords(cases, options),
    ...contrastRecords(cases, options),
    ...excludedRecords([...excluded, ...count.leftOut.map(asExcluded)], options),
    ...similarityRecords(predictions, options).map((record) => inArm(record, "matrix", "unmerged")),
    ...rankRecords(rankings, options).map((record) => inArm(record, "matrix", "unmerged")),
    ...correlationRecords(cases, { predictions, rankings }, options),
    ...worlds.flatMap(({ world, predictions: own, loss }) => [
      ...similarityRecords(own, options).map((record) => inArm(record, "controlled", world)),
      {
        subject: options.subject,
        setting: { arm: "controlled", model: world },
        metric: "trainingLoss",
        value: loss,
        n: 1,
      },
    ]),
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
