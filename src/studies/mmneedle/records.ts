import {
  bootstrapInterval,
  type Comparability,
  type Interval,
  type MeasuredRecord,
  members,
  type Score,
  stream,
  sum,
  wilson,
} from "#base";
import type { Run } from "#runs";
import type { Collection } from "./collection.ts";
import { comparabilityOf } from "./comparability.ts";
import { type Configuration, groupOf, splits } from "./configurations.ts";
import { lenientMetrics, type Metric, strictMetrics } from "./measures.ts";
import type { Split } from "./needles.ts";
import type { Settings } from "./settings.ts";

/** Whose answers to which questions a record is about. */
export interface Measured {
  readonly subject: string;
  readonly configuration: Configuration;
  readonly split: Split;
  /** The samples behind the numbers. */
  readonly group: string;
  readonly comparability: Comparability;
}

/** Boils a subject's answers to one configuration down to records, one for each split and metric that applies. */
export function measure(run: Run, { subject, configuration, collection, settings }: Measuring): MeasuredRecord[] {
  return splits.flatMap((split) => {
    const group = groupOf(configuration, split);
    const scores = Array.from(run.answers({ subject, group }), ({ score }) => score);
    if (scores.length === 0) return [];
    const comparability = comparabilityOf({ configuration, split, samples: scores.length, collection, settings });
    return recordsOf(scores, { subject, configuration, split, group, comparability });
  });
}

interface Measuring {
  readonly subject: string;
  readonly configuration: Configuration;
  readonly collection: Collection;
  readonly settings: Settings;
}

/** All records of one subject on one split of one configuration: a percentage for each metric that applies. */
export function recordsOf(scores: readonly Score[], measured: Measured): MeasuredRecord[] {
  const metrics: readonly Metric[] = [...strictMetrics, ...lenientMetrics, "empty"];
  return metrics.flatMap((metric) => recordOf(scores, metric, measured) ?? []);
}

function recordOf(scores: readonly Score[], metric: Metric, measured: Measured): MeasuredRecord | undefined {
  const { subject, configuration, split, group, comparability } = measured;
  const share = isPooled(metric) ? pooledShare(scores, metric, measured) : shareOf(scores, metric);
  if (share === undefined) return undefined;
  const { pictures, side, needles } = configuration;
  return {
    subject,
    setting: { pictures, side, needles, split },
    metric,
    value: 100 * share.value,
    n: share.n,
    interval: { ...share.interval, low: 100 * share.interval.low, high: 100 * share.interval.high },
    group,
    comparability,
  };
}

interface Share {
  readonly value: number;
  readonly n: number;
  readonly interval: Interval;
}

/**
 * The share of hits among the samples to which a metric applies.
 *
 *     p = hits / n, with Wilson's interval
 */
function shareOf(scores: readonly Score[], metric: Metric): Share | undefined {
  const values = scores.map((score) => score[metric]).filter((value) => value !== null && value !== undefined);
  const n = values.length;
  if (n === 0) return undefined;
  const hits = sum(values);
  return { value: hits / n, n, interval: wilson(hits, n) };
}

type PooledMetric = "allIndex" | "allExact";

const isPooled = (metric: Metric): metric is PooledMetric => metric === "allIndex" || metric === "allExact";

/**
 * The share of hits among all compared needles of all samples.
 *
 *     p = Σ hits / Σ compared
 *
 * Needles of one sample share its pictures, so the interval resamples whole samples.
 *
 * Source   Wang et al. 2025, MMNeedle, "individual accuracy"; evaluate_multi.py
 */
function pooledShare(scores: readonly Score[], metric: PooledMetric, measured: Measured): Share | undefined {
  const held = scores.filter((score) => typeof score[metric] === "number");
  const compared = held.map((score) => score.compared ?? 0);
  const hits = held.map((score, at) => (score[metric] ?? 0) * compared[at]!);
  const n = sum(compared);
  if (n === 0) return undefined;
  const value = sum(hits) / n;
  return { value, n, interval: pooledInterval({ hits, compared, value }, `${measured.group}/${metric}`) };
}

interface Pooled {
  readonly hits: readonly number[];
  readonly compared: readonly number[];
  readonly value: number;
}

function pooledInterval({ hits, compared, value }: Pooled, purpose: string): Interval {
  const samples = hits.length;
  // All alike: a bootstrap would claim certainty. The samples, not the needles, are independent.
  if (value === 0 || value === 1 || samples < 2) return wilson(Math.round(value * samples), samples);
  const share = (positions: Uint32Array) => {
    const total = { hits: 0, compared: 0 };
    for (const at of positions) {
      total.hits += hits[at]!;
      total.compared += compared[at]!;
    }
    return total.hits / total.compared;
  };
  const random = stream(0, `mmneedle/interval/${purpose}`);
  return bootstrapInterval(members(samples), share, { random, resamples: 1000, method: "percentile" });
}
