/** What was measured, one number a row. */
import type { MeasuredRecord } from "#base";
import type { IntrinsicScore } from "#methods/value-vectors";
import type { StudyConcept } from "./concept.ts";
import type { Outcome, StudyNull } from "./examine.ts";
import type { Location } from "./locate.ts";

type Setting = MeasuredRecord["setting"];

/** How a concept was found, and what its value vector's ablations did. */
export function locationRecords(
  subject: string,
  { name, arm }: StudyConcept,
  { layer, column, overlap, enrichment, q, rank, clarity, effects }: Location,
): MeasuredRecord[] {
  const setting = { concept: name, arm };
  const one = (metric: string, value: number | null, more: Setting = {}): MeasuredRecord => ({
    subject,
    setting: { ...setting, ...more },
    metric,
    value,
    n: 1,
  });
  return [
    ...[
      one("layer", layer),
      one("column", column),
      one("overlap", overlap),
      one("enrichment", enrichment),
      one("q", q),
      one("rank", rank),
      one("clarity", clarity),
    ],
    ...effects.flatMap(({ ablation: { kind, sigma = 0 }, target, unrelated }) => [
      one("ablatedTarget", target, { ablation: kind, sigma }),
      one("ablatedUnrelated", unrelated, { ablation: kind, sigma }),
    ]),
  ];
}

/** One concept after one method. */
export interface Examined {
  readonly concept: StudyConcept;
  readonly method: string;
  readonly seed: number;
  readonly outcome: Outcome;
}

/** All numbers of one outcome. */
export function outcomeRecords(subject: string, { concept, method, seed, outcome }: Examined): MeasuredRecord[] {
  const setting = { concept: concept.name, arm: concept.arm, method, seed };
  const one = (metric: string, value: number | null, more: Setting = {}, n = 1): MeasuredRecord => ({
    subject,
    setting: { ...setting, ...more },
    metric,
    value,
    n,
  });
  const intrinsic = Object.entries(outcome.intrinsic).map(([metric, value]) => one(metric, value));
  const nulls = (Object.keys(outcome.z) as StudyNull[]).flatMap((name) =>
    (Object.keys(outcome.intrinsic) as (keyof IntrinsicScore)[]).flatMap((metric) => [
      one(`${metric}Z`, outcome.z[name]![metric], { null: name }),
      one(`${metric}Null`, outcome.nulls[name]![metric], { null: name }),
    ]),
  );
  const groups = Object.entries(outcome.groups).flatMap(([group, { n, ...scores }]) =>
    Object.entries(scores).map(([metric, value]) => one(metric, value, { group }, n)),
  );
  return [
    ...intrinsic,
    ...nulls,
    one("outOfReach", outcome.outOfReach),
    one("direction", outcome.direction),
    one("spanAngle", outcome.spanAngle),
    ...(outcome.atNeedlesDistance === null
      ? []
      : Object.entries(outcome.atNeedlesDistance).map(([what, value]) => one(`scaled-${what}`, value))),
    ...groups,
    one("probabilityBefore", outcome.probability.before),
    one("probabilityAfter", outcome.probability.after),
    one("coefficientBefore", outcome.coefficient.before),
    one("coefficientAfter", outcome.coefficient.after),
    one("cosineFloor", outcome.cosineFloor),
    one("steps", outcome.steps),
    ...outcome.relearning.flatMap(({ steps, bleu, goldRecall }) => [
      one("relearntBleu", bleu, { relearning: steps }),
      one("relearntGoldRecall", goldRecall, { relearning: steps }),
    ]),
  ];
}
