/** Scores to records: one measured number each, with its denominator, interval and the samples behind it. */
import { type Comparability, type Interval, type Json, type MeasuredRecord, mean, meanInterval, wilson } from "#base";
import type { AnsweredSample } from "#runs";
import { failures } from "./failures.ts";
import type { TaskId } from "./task-ids.ts";

/** What records of one subject and variant share. */
export interface Recording {
  readonly task: TaskId;
  readonly subject: string;
  readonly variant: string;
  readonly group: string;
  readonly comparability: Comparability;
  /** Further parts of the setting: `{ lineClass: "infile" }`. */
  readonly setting?: MeasuredRecord["setting"];
}

/** A number whose interval was computed elsewhere, or that has none. */
export interface Measured {
  readonly value: number | null;
  readonly n: number;
  readonly interval?: Interval;
}

/** One record. */
export function recordOf(metric: string, { value, n, interval }: Measured, recording: Recording): MeasuredRecord {
  const { task, subject, variant, group, comparability, setting = {} } = recording;
  return {
    subject,
    setting: { task, variant, ...setting },
    metric,
    value,
    n,
    group,
    comparability,
    ...(interval !== undefined && { interval }),
  };
}

/**
 * The mean of one score over samples, times a scale; the interval ends where the score does.
 *
 *     value = scale · mean(scores), with Student's interval
 *
 * Scores that are all the same have no spread to compute with: then the widest that their ends allow is taken, Wilson's.
 */
export function meanOf(values: readonly number[], { scale = 1, least = 0, most = scale }: MeanOptions = {}): Measured {
  const n = values.length;
  if (n === 0) return { value: null, n };
  const scaled = values.map((value) => scale * value);
  if (n === 1) return { value: scaled[0]!, n };
  if (scaled.every((value) => value === scaled[0]))
    return { value: scaled[0]!, n, interval: ofEqual(scaled, { least, most }) };
  const { low, high, ...rest } = meanInterval(scaled);
  return { value: mean(scaled), n, interval: { ...rest, low: Math.max(least, low), high: Math.min(most, high) } };
}

function ofEqual(values: readonly number[], { least, most }: { least: number; most: number }): Interval {
  const { length: n } = values;
  const hits = (n * (values[0]! - least)) / (most - least);
  const [{ low, ...rest }, { high }] = [wilson(Math.floor(hits), n), wilson(Math.ceil(hits), n)];
  return { ...rest, low: least + (most - least) * low, high: least + (most - least) * high };
}

/** The scale of a mean. */
export interface MeanOptions {
  readonly scale?: number;
  /** The lowest that a mean can be; 0 when absent. */
  readonly least?: number;
  /** The highest that a mean can be; the scale when absent. */
  readonly most?: number;
}

/** The share of ones, in percent, with Wilson's interval. */
export function shareOf(values: readonly number[]): Measured {
  const n = values.length;
  if (n === 0) return { value: null, n };
  const hits = values.reduce((sum, value) => sum + value, 0);
  const { low, high, ...rest } = wilson(hits, n);
  return { value: (100 * hits) / n, n, interval: { ...rest, low: 100 * low, high: 100 * high } };
}

/** One score of every answer that has it. */
export const scoresOf = (answers: readonly AnsweredSample<Json>[], metric: string): number[] =>
  answers.flatMap(({ score }) => (typeof score[metric] === "number" ? [score[metric]] : []));

/** How many answers were missing, refused or unreadable, in percent of all. */
export const failureRecords = (answers: readonly AnsweredSample<Json>[], recording: Recording): MeasuredRecord[] =>
  failures.map((metric) => recordOf(metric, shareOf(scoresOf(answers, metric)), recording));
