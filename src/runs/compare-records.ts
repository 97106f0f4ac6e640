import { canonicalJson, type MeasuredRecord } from "#base";
import type { Side } from "./compare.ts";

/** One number that two runs measured in the same cell. */
export interface RecordComparison {
  readonly setting: MeasuredRecord["setting"];
  readonly metric: string;
  readonly first: number;
  readonly second: number;
  /** second − first; no test: the samples behind the two numbers are not stored. */
  readonly difference: number;
}

/** Whether a side's numbers come from samples that it asked, and not from work on the bench alone. */
export function hasAnswers({ run, subject }: Side): boolean {
  return run.answers({ subject })[Symbol.iterator]().next().done !== true;
}

/**
 * The numbers that two runs of computed work have in common: same cell, same metric, in the first run's order.
 *
 * Two seeds or two models may stand side by side, since no sample is paired.
 */
export function compareRecords(first: Side, second: Side, metrics?: readonly string[]): RecordComparison[] {
  const others = new Map(valuesOf(second).map(({ key, value }) => [key, value]));
  return valuesOf(first).flatMap(({ key, value, setting, metric }) => {
    const other = others.get(key);
    if (other === undefined || (metrics !== undefined && !metrics.includes(metric))) return [];
    return [{ setting, metric, first: value, second: other, difference: other - value }];
  });
}

function valuesOf({ run, subject }: Side) {
  return run
    .records()
    .filter((record) => record.subject === subject)
    .flatMap(({ setting, metric, value }) =>
      value === null ? [] : [{ key: canonicalJson([setting, metric]), setting, metric, value }],
    );
}
