/** What a number is over several starts. */
import { type Interval, meanInterval } from "#base";

type Range = readonly [least: number, most: number];

const share: Range = [0, 1];
const correlation: Range = [-1, 1];
const ranges: Readonly<Record<string, Range>> = {
  faithfulness: share,
  chance: share,
  retrieval: share,
  sparsity: share,
  deletion: share,
  insertion: share,
  purity: share,
  purityChance: share,
  clearPurity: share,
  nmi: share,
  pointing: share,
  pointingChance: share,
  iou: share,
  ari: correlation,
  seedAgreement: correlation,
};

/** Student's interval of a metric over seeds, within what the metric can be; none of the others is below zero. */
export const seedInterval = (metric: string, values: readonly number[]): Interval =>
  meanInterval(values, { range: ranges[metric] ?? [0, Number.POSITIVE_INFINITY] });
