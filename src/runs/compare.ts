import {
  AssayError,
  canonicalJson,
  detectablePairedDifference,
  discordance,
  holm,
  type Interval,
  mcnemarMidP,
  mean,
  normalQuantile,
  pairedBootstrap,
  samplesForPairs,
  signFlip,
  standardDeviation,
  stream,
  suggestion,
  UsageError,
} from "#base";
import type { AnsweredSample, Run } from "./run.ts";

/** One metric on one group of samples, answered by two subjects. */
export interface Comparison {
  readonly group: string;
  readonly metric: string;
  /** Pairs: samples that both answered and to which the metric applies. */
  readonly n: number;
  readonly first: number;
  readonly second: number;
  /** second − first, with the interval of a paired bootstrap. */
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
  /** Holm's correction over all rows of the comparison. */
  readonly adjustedPValue: number;
  readonly method: string;
  readonly decision: "first is higher" | "second is higher" | "undecided";
  /** The smallest difference that so many pairs are likely to show; null when none is, and for fractions. */
  readonly detectable: number | null;
  /** How many more pairs would show the difference, were it real; null when none could. */
  readonly moreNeeded: number | null;
}

/** A subject of a run. */
export interface Side {
  readonly run: Run;
  readonly subject: string;
}

/** How strict a comparison is. */
export interface CompareOptions {
  /** Error rate over all rows together. */
  readonly alpha?: number;
  readonly resamples?: number;
  /** Only these metrics; fewer rows need a milder correction. */
  readonly metrics?: readonly string[];
}

interface Pairs {
  readonly group: string;
  readonly metric: string;
  readonly first: number[];
  readonly second: number[];
}

/**
 * Compares two subjects sample by sample: McNemar's mid-p where every score is 0 or 1, sign flips elsewhere, corrected
 * for the number of rows.
 *
 * @throws UsageError OTHER_SAMPLES for runs of different samples; AssayError NOTHING_IN_COMMON when no sample was
 *   answered by both
 */
export function compareRuns(
  first: Side,
  second: Side,
  { alpha = 0.05, resamples = 2000, metrics }: CompareOptions = {},
): Comparison[] {
  requireSameSamples(first, second);
  const all = pairUp(first, second);
  const pairs = metrics === undefined ? all : all.filter(({ metric }) => requireKnown(metrics, all).includes(metric));
  if (pairs.length === 0) {
    throw new AssayError(
      "NOTHING_IN_COMMON",
      `compare: Expected samples that both answered, ${first.run.id} (${first.subject}) and ${second.run.id} (${second.subject}) share none; run both with the same settings and seed`,
    );
  }
  const rows = pairs.filter(({ first: scores }) => scores.length >= 2).map((pair) => compareOne(pair, resamples));
  const adjusted = holm(rows.map(({ pValue }) => pValue));
  return rows.map((row, at) => decide({ ...row, adjustedPValue: adjusted[at]! }, { alpha, rows: rows.length }));
}

/** @throws UsageError UNKNOWN_METRIC with the nearest known name */
function requireKnown(wanted: readonly string[], pairs: readonly Pairs[]): readonly string[] {
  const known = new Set(pairs.map(({ metric }) => metric));
  const unknown = wanted.find((name) => !known.has(name));
  if (unknown === undefined || known.size === 0) return wanted;
  throw new UsageError(
    "UNKNOWN_METRIC",
    `compare: Expected a metric that both have, got "${unknown}"${suggestion(unknown, known)}`,
  );
}

/** Equal sample ids mean equal samples only within one study and one seed. */
function requireSameSamples({ run: first }: Side, { run: second }: Side): void {
  for (const part of ["study", "seed"] as const) {
    const [a, b] = [first.manifest[part], second.manifest[part]];
    if (a === b) continue;
    throw new UsageError(
      "OTHER_SAMPLES",
      `compare: Expected two runs with the same ${part}, got ${a} (${first.id}) and ${b} (${second.id})`,
    );
  }
}

/** The scores of both sides by group and metric, where both have one. Only scores are held, never texts. */
function pairUp(first: Side, second: Side): Pairs[] {
  const pairs = new Map<string, Pairs>();
  for (const [answer, other] of answeredByBoth(first, second)) {
    for (const [metric, score] of Object.entries(answer.score)) {
      const against = other.score[metric];
      if (score === null || against === null || against === undefined) continue;
      const key = JSON.stringify([answer.group, metric]);
      if (!pairs.has(key)) pairs.set(key, { group: answer.group, metric, first: [], second: [] });
      pairs.get(key)!.first.push(score);
      pairs.get(key)!.second.push(against);
    }
  }
  return [...pairs.values()];
}

/** Both sides come in the order of their sample ids, so one pass merges them. */
function* answeredByBoth(first: Side, second: Side): Generator<[AnsweredSample, AnsweredSample]> {
  const others = second.run.answers({ subject: second.subject });
  let other = others.next();
  for (const answer of first.run.answers({ subject: first.subject })) {
    while (!other.done && order(other.value, answer) < 0) other = others.next();
    if (other.done) return;
    if (order(other.value, answer) > 0) continue;
    requireSameTruth(answer, other.value);
    yield [answer, other.value];
  }
}

/** As SQLite sorts text: by the bytes of its UTF-8, where JavaScript would go by UTF-16. */
function order(a: AnsweredSample, b: AnsweredSample): number {
  if (a.sample === b.sample) return a.repeat - b.repeat;
  return Buffer.compare(Buffer.from(a.sample), Buffer.from(b.sample));
}

function requireSameTruth(a: AnsweredSample, b: AnsweredSample): void {
  if (canonicalJson(a.truth) === canonicalJson(b.truth)) return;
  throw new UsageError(
    "OTHER_SAMPLES",
    `compare: Expected the same samples on both sides, ${a.sample} has another right answer in each; run both with the same settings and data`,
  );
}

type Uncorrected = Omit<Comparison, "adjustedPValue" | "decision" | "detectable" | "moreNeeded"> & {
  readonly pairs: Pairs;
};

function compareOne(pairs: Pairs, resamples: number): Uncorrected {
  const { group, metric, first, second } = pairs;
  const random = stream(0, `compare/${group}/${metric}`);
  const { difference, interval } = pairedBootstrap(first, second, { random, resamples });
  const test = isBinary(pairs)
    ? mcnemarMidP(discordance(first, second))
    : signFlip(
        first.map((score, at) => second[at]! - score),
        { random },
      );
  return {
    group,
    metric,
    n: first.length,
    first: mean(first),
    second: mean(second),
    difference,
    interval,
    ...test,
    pairs,
  };
}

interface Tested extends Uncorrected {
  readonly adjustedPValue: number;
}

function decide({ pairs, ...row }: Tested, { alpha, rows }: { alpha: number; rows: number }): Comparison {
  // Bonferroni's share of the error rate: Holm's first and strictest step.
  const level = 1 - alpha / rows;
  const detectable = isBinary(pairs) ? detectablePairedDifference(discordantShare(pairs), { level }) : null;
  if (row.adjustedPValue < alpha && row.difference !== 0) {
    const decision = row.difference > 0 ? "second is higher" : "first is higher";
    return { ...row, decision, detectable, moreNeeded: 0 };
  }
  return { ...row, decision: "undecided", detectable, moreNeeded: moreNeeded(pairs, level) };
}

const isBinary = ({ first, second }: Pairs): boolean =>
  [...first, ...second].every((score) => score === 0 || score === 1);

const share = (count: number, { first }: Pairs): number => count / first.length;

function discordantShare(pairs: Pairs): { discordant: number; n: number } {
  const { onlyFirst, onlySecond } = discordance(pairs.first, pairs.second);
  return { discordant: share(onlyFirst + onlySecond, pairs), n: pairs.first.length };
}

function moreNeeded(pairs: Pairs, level: number): number | null {
  const needed = isBinary(pairs) ? pairsNeeded(pairs, level) : fractionsNeeded(pairs, level);
  return needed === null ? null : Math.max(1, needed - pairs.first.length);
}

function pairsNeeded(pairs: Pairs, level: number): number | null {
  const { onlyFirst, onlySecond } = discordance(pairs.first, pairs.second);
  return samplesForPairs({ onlyFirst: share(onlyFirst, pairs), onlySecond: share(onlySecond, pairs) }, { level });
}

/**
 *     n = ((z_level + z_power) · sd(differences) / mean(differences))²,   at a power of 80 %
 */
function fractionsNeeded({ first, second }: Pairs, level: number): number | null {
  const differences = first.map((score, at) => second[at]! - score);
  const difference = mean(differences);
  if (difference === 0) return null;
  const z = normalQuantile((1 + level) / 2) + normalQuantile(0.8);
  return Math.ceil(((z * standardDeviation(differences)) / difference) ** 2);
}
