import {
  AssayError,
  discordance,
  holm,
  type Interval,
  mcnemarMidP,
  mean,
  pairedBootstrap,
  samplesForPairs,
  signFlip,
  stream,
} from "#base";
import type { Run } from "./run.ts";

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
 * @throws AssayError NOTHING_IN_COMMON when no sample was answered by both
 */
export function compareRuns(
  first: Side,
  second: Side,
  { alpha = 0.05, resamples = 2000 }: CompareOptions = {},
): Comparison[] {
  const pairs = pairUp(first, second);
  if (pairs.length === 0) {
    throw new AssayError(
      "NOTHING_IN_COMMON",
      `compare: Expected samples that both answered, ${first.run.id} (${first.subject}) and ${second.run.id} (${second.subject}) share none; run both with the same settings and seed`,
    );
  }
  const rows = pairs.filter(({ first: scores }) => scores.length >= 2).map((pair) => compareOne(pair, resamples));
  const adjusted = holm(rows.map(({ pValue }) => pValue));
  return rows.map((row, at) => decide({ ...row, adjustedPValue: adjusted[at]! }, alpha));
}

/** The scores of both sides by group and metric, where both have one. Only scores are held, never texts. */
function pairUp(first: Side, second: Side): Pairs[] {
  const pairs = new Map<string, Pairs>();
  const others = second.run.answers({ subject: second.subject });
  let other = others.next();
  // Both sides come in the order of their sample ids, so one pass merges them.
  for (const answer of first.run.answers({ subject: first.subject })) {
    while (!other.done && isBefore(other.value, answer)) other = others.next();
    if (other.done) break;
    if (isBefore(answer, other.value)) continue;
    for (const [metric, score] of Object.entries(answer.score)) {
      const against = other.value.score[metric];
      if (score === null || against === null || against === undefined) continue;
      const key = JSON.stringify([answer.group, metric]);
      if (!pairs.has(key)) pairs.set(key, { group: answer.group, metric, first: [], second: [] });
      pairs.get(key)!.first.push(score);
      pairs.get(key)!.second.push(against);
    }
  }
  return [...pairs.values()];
}

interface Place {
  readonly sample: string;
  readonly repeat: number;
}

const isBefore = (a: Place, b: Place): boolean => a.sample < b.sample || (a.sample === b.sample && a.repeat < b.repeat);

type Uncorrected = Omit<Comparison, "adjustedPValue" | "decision" | "moreNeeded"> & { readonly pairs: Pairs };

function compareOne(pairs: Pairs, resamples: number): Uncorrected {
  const { group, metric, first, second } = pairs;
  const random = stream(0, `compare/${group}/${metric}`);
  const { difference, interval } = pairedBootstrap(first, second, { random, resamples });
  const test = [...first, ...second].every((score) => score === 0 || score === 1)
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

function decide({ pairs, ...row }: Uncorrected & { adjustedPValue: number }, alpha: number): Comparison {
  if (row.adjustedPValue < alpha && row.difference !== 0) {
    return { ...row, decision: row.difference > 0 ? "second is higher" : "first is higher", moreNeeded: 0 };
  }
  return { ...row, decision: "undecided", moreNeeded: moreNeeded(pairs) };
}

function moreNeeded({ first, second }: Pairs): number | null {
  const onlyFirst = first.filter((score, at) => score > second[at]!).length / first.length;
  const onlySecond = first.filter((score, at) => score < second[at]!).length / first.length;
  const needed = samplesForPairs({ onlyFirst, onlySecond });
  return needed === null ? null : Math.max(1, needed - first.length);
}
