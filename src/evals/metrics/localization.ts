import { mean } from "#base";

/** Where a subject looks for a bug, best first, and the files that the fix changed. */
export interface Localization {
  readonly ranked: readonly string[];
  readonly truth: readonly string[];
}

/** What the paper of 2024 reports; null where no sample counts. */
export interface RankMetrics {
  /** R@1 of the samples with one changed file. */
  readonly recallAt1: number | null;
  /** R@2 and P@2 of the samples with several. */
  readonly recallAt2: number | null;
  readonly precisionAt2: number | null;
  /** Over all samples. */
  readonly f1: number | null;
  readonly map: number | null;
  readonly mrr: number | null;
  readonly n: number;
}

/** Which part of the ranking F1 sees: its first k files, or all of it as in the released notebook. */
export interface RankOptions {
  readonly f1Over?: "top-k" | "whole-list";
}

/** Names the profile of `rankMetrics`. */
export const rankSignature = ({ f1Over = "top-k" }: RankOptions = {}): string =>
  `localization|profile:2024|k:1-if-one-file-else-2|f1:${f1Over}|map:over-truth|mean:plain|scale:1|assay:1`;

/**
 * The 2024 profile of bug localization: recall, precision and F1 at k, MAP and MRR.
 *
 *     k = 1 for one changed file, else 2      R@k = |top k ∩ truth| / |truth|      P@k = |top k ∩ truth| / k
 *     AP = (1 / |truth|) · Σ_{hits} precision at the hit      RR = 1 / rank of the first hit
 *
 * A repeated file counts where it comes first. A ranker returns every file, so F1 looks at the first k; the code behind
 * MAP was not released, and ours is the usual one.
 *
 * Source   Bogomolov et al. 2024, Long Code Arena, bug localization
 */
export function rankMetrics(samples: readonly Localization[], { f1Over = "top-k" }: RankOptions = {}): RankMetrics {
  const single = samples.filter(({ truth }) => new Set(truth).size === 1);
  const several = samples.filter(({ truth }) => new Set(truth).size > 1);
  const f1 = (sample: Localization) => {
    const k = f1Over === "top-k" ? cutOf(sample) : Math.max(1, new Set(sample.ranked).size);
    return harmonic(precisionAt(sample, k), recallAt(sample, k));
  };
  return {
    recallAt1: meanOver(single, (sample) => recallAt(sample, 1)),
    recallAt2: meanOver(several, (sample) => recallAt(sample, 2)),
    precisionAt2: meanOver(several, (sample) => precisionAt(sample, 2)),
    f1: meanOver(samples, f1),
    map: meanOver(samples, averagePrecision),
    mrr: meanOver(samples, reciprocalRank),
    n: samples.length,
  };
}

/** R@k: the share of the changed files among the first k; 0 when nothing was changed. */
export function recallAt({ ranked, truth }: Localization, k: number): number {
  const changed = new Set(truth);
  return changed.size === 0 ? 0 : hitsAt(ranked, changed, k) / changed.size;
}

/** P@k: hits among the first k, divided by k even where fewer were named. */
export const precisionAt = ({ ranked, truth }: Localization, k: number): number =>
  hitsAt(ranked, new Set(truth), k) / k;

/** AP: the mean, over the changed files, of the precision at each; 0 for one that was not named. */
export function averagePrecision({ ranked, truth }: Localization): number {
  const changed = new Set(truth);
  let [hits, total] = [0, 0];
  for (const [at, file] of [...new Set(ranked)].entries()) {
    if (!changed.has(file)) continue;
    hits++;
    total += hits / (at + 1);
  }
  return changed.size === 0 ? 0 : total / changed.size;
}

/** RR: one over the rank of the first changed file; 0 when none was named. */
export function reciprocalRank({ ranked, truth }: Localization): number {
  const changed = new Set(truth);
  const at = [...new Set(ranked)].findIndex((file) => changed.has(file));
  return at < 0 ? 0 : 1 / (at + 1);
}

const cutOf = ({ truth }: Localization): number => (new Set(truth).size === 1 ? 1 : 2);

const hitsAt = (ranked: readonly string[], changed: ReadonlySet<string>, k: number): number =>
  [...new Set(ranked)].slice(0, k).filter((file) => changed.has(file)).length;

const meanOver = <Item>(items: readonly Item[], score: (item: Item) => number): number | null =>
  items.length === 0 ? null : mean(items.map(score));

/** F1 of a precision and a recall. */
const harmonic = (precision: number, recall: number): number =>
  precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);

/** A reply read as a set of files; `predicted` is null where nothing could be read. */
export interface FileSet {
  readonly predicted: readonly string[] | null;
  readonly truth: readonly string[];
  /** Every file that could have been named. */
  readonly candidates: readonly string[];
}

/** What the code of 2025 reports: plain means over samples. */
export interface SetMetrics {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Wrong files among all files that were not changed. */
  readonly falsePositiveRate: number;
  readonly allCorrect: number;
  readonly atLeastOne: number;
  /** Something was named, and all of it was wrong. */
  readonly allIncorrect: number;
}

/** Both readings of a reply that could not be read. */
export interface SetReport {
  /** As the authors count: an unread reply leaves the denominator. Null when none was read. */
  readonly read: SetMetrics | null;
  /** An unread reply is an empty one: a failure. Null when there was no reply at all. */
  readonly all: SetMetrics | null;
  readonly unread: number;
  readonly n: number;
}

/** Names the profile of `setMetrics`. */
export const setSignature = "localization|profile:2025|sets|unread:left-out-and-as-failure|mean:plain|scale:1|assay:1";

/**
 * The 2025 profile of bug localization: the named files as a set.
 *
 *     P = |named ∩ truth| / |named|     R = |named ∩ truth| / |truth|     FPR = |named \ truth| / |named ∪ candidates \ truth|
 *
 * Source   Long Code Arena's code at 5b1b564, bug_localization, quality_metrics.py
 */
export function setMetrics(samples: readonly FileSet[]): SetReport {
  const rows = samples.map((sample) => ({ unread: sample.predicted === null, score: scoreSet(sample) }));
  const read = rows.filter(({ unread }) => !unread);
  return {
    read: meanOfSets(read.map(({ score }) => score)),
    all: meanOfSets(rows.map(({ score }) => score)),
    unread: rows.length - read.length,
    n: rows.length,
  };
}

function scoreSet({ predicted, truth, candidates }: FileSet): SetMetrics {
  const [named, changed] = [new Set(predicted ?? []), new Set(truth)];
  const hits = [...named].filter((file) => changed.has(file)).length;
  const precision = ratio(hits, named.size);
  const recall = ratio(hits, changed.size);
  const wrong = named.size - hits;
  const spared = [...new Set(candidates)].filter((file) => !changed.has(file) && !named.has(file)).length;
  return {
    precision,
    recall,
    f1: harmonic(precision, recall),
    falsePositiveRate: ratio(wrong, wrong + spared),
    allCorrect: Number(hits === named.size && hits === changed.size),
    atLeastOne: Number(hits > 0),
    allIncorrect: Number(hits === 0 && named.size > 0),
  };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function meanOfSets(scores: readonly SetMetrics[]): SetMetrics | null {
  const [first] = scores;
  if (first === undefined) return null;
  const names = Object.keys(first) as (keyof SetMetrics)[];
  return Object.fromEntries(names.map((name) => [name, mean(scores.map((one) => one[name]))])) as unknown as SetMetrics;
}
