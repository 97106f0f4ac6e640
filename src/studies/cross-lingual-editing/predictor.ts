/** How far an edit will reach, said before anything is edited: by keys, and by how alike a model ranks in two languages. */
import {
  bootstrapInterval,
  clusters,
  type DrawnCorrelation,
  drawnPearson,
  drawnSpearman,
  type Interval,
  type MeasuredRecord,
  stream,
} from "#base";
import { rankC } from "#evals/metrics";
import type { Case } from "./case.ts";
import type { RecordOptions } from "./matrix-records.ts";

/** (k_b · u) / (k_a · u) of one fact, before the edit in language a. */
export interface Prediction {
  readonly seed: number;
  readonly fact: string;
  readonly edit: string;
  readonly test: string;
  readonly similarity: number;
}

/** Candidates of one fact, best first, as each language's prompts rank them. */
export interface Ranking {
  readonly seed: number;
  readonly fact: string;
  readonly byLanguage: Readonly<Record<string, readonly number[]>>;
}

/** RankC of every pair of languages: the unedited model's. */
export function rankRecords(rankings: readonly Ranking[], { subject }: RecordOptions): MeasuredRecord[] {
  const languages = [...new Set(rankings.flatMap(({ byLanguage }) => Object.keys(byLanguage)))];
  return languages.flatMap((edit) =>
    languages.map((test) => {
      const pairs = rankingPairs(rankings, edit, test);
      return { subject, setting: { edit, test }, metric: "rankC", value: rankC(pairs), n: pairs.length };
    }),
  );
}

function rankingPairs(rankings: readonly Ranking[], edit: string, test: string) {
  return rankings.flatMap(({ byLanguage }) => {
    const [first, second] = [byLanguage[edit], byLanguage[test]];
    return first === undefined || second === undefined ? [] : [{ first, second }];
  });
}

/** The mean similarity of keys of every pair of languages. */
export function similarityRecords(predictions: readonly Prediction[], { subject }: RecordOptions): MeasuredRecord[] {
  const cells = Map.groupBy(predictions, ({ edit, test }) => JSON.stringify({ edit, test }));
  return [...cells].map(([place, own]) => ({
    subject,
    setting: JSON.parse(place) as MeasuredRecord["setting"],
    metric: "keySimilarity",
    n: own.length,
    value: own.reduce((sum, { similarity }) => sum + similarity, 0) / own.length,
  }));
}

interface Point {
  readonly fact: string;
  readonly x: number;
  readonly y: number;
}

/**
 * Correlations of what was said before with what came: over facts and pairs of languages for keys, whose prediction is
 * each fact's own, and for RankC, which is a fact's own as well as a pair's. Intervals resample facts.
 */
export function correlationRecords(
  cases: readonly Case[],
  { predictions, rankings }: { readonly predictions: readonly Prediction[]; readonly rankings: readonly Ranking[] },
  options: RecordOptions,
): MeasuredRecord[] {
  const outside = cases.filter(
    ({ arm, editor, edit, test }) =>
      arm === "matrix" && editor !== "none" && edit !== test && !["all", "others"].includes(edit),
  );
  const base = new Map(
    cases.filter(({ editor, arm }) => editor === "none" && arm === "matrix").map((one) => [placeOf(one), one]),
  );
  const similarities = new Map(predictions.map((one) => [placeOf(one), one.similarity]));
  const ranked = Map.groupBy(rankings, drawnFactOf);
  const predictors = {
    keySimilarity: (one: Case) => similarities.get(placeOf(one)),
    rankC: (one: Case) => rankC(rankingPairs(ranked.get(drawnFactOf(one)) ?? [], one.edit, one.test)) ?? undefined,
  };
  const outcomes = {
    logGain: (one: Case) => one.numbers.logGain,
    reliabilityGain: (one: Case) => one.numbers.reliability - (base.get(placeOf(one))?.numbers.reliability ?? 0),
  };
  return [...Map.groupBy(outside, ({ editor }) => editor)].flatMap(([editor, own]) =>
    Object.entries(predictors).flatMap(([predictor, predict]) =>
      Object.entries(outcomes).flatMap(([outcome, observe]) => {
        const points = own.flatMap((one): Point[] => {
          const x = predict(one);
          return x === undefined ? [] : [{ fact: one.fact, x, y: observe(one) }];
        });
        return correlations(points, { editor, predictor, outcome }, options);
      }),
    ),
  );
}

/** A fact as one seed drew it, with a new object of its own. */
const drawnFactOf = ({ seed, fact }: Pick<Case, "seed" | "fact">): string => JSON.stringify([seed, fact]);

const placeOf = ({ seed, fact, edit, test }: Pick<Case, "seed" | "fact" | "edit" | "test">): string =>
  JSON.stringify([seed, fact, edit, test]);

function correlations(
  points: readonly Point[],
  setting: { readonly editor: string; readonly predictor: string; readonly outcome: string },
  { subject, ...options }: RecordOptions,
): MeasuredRecord[] {
  if (points.length < 2) return [];
  const n = new Set(points.map(({ fact }) => fact)).size;
  const [x, y] = [points.map((point) => point.x), points.map((point) => point.y)];
  const coefficients = { spearman: drawnSpearman(x, y), pearson: drawnPearson(x, y) };
  return Object.entries(coefficients).map(([coefficient, correlate]) => {
    const value = correlate(Uint32Array.from(points.keys()));
    const about = {
      subject,
      setting: { arm: "matrix", ...setting, coefficient, points: points.length },
      metric: "correlation",
      value,
      n,
    };
    const interval =
      value === null || n < 3 ? undefined : resampled(points, correlate, { ...options, name: JSON.stringify(setting) });
    return { ...about, ...(interval === undefined ? {} : { interval }) };
  });
}

function resampled(
  points: readonly Point[],
  correlate: DrawnCorrelation,
  { resamples, seed, name }: { readonly resamples: number; readonly seed: number; readonly name: string },
): Interval {
  // A resample in which nothing varies has no correlation; it counts as none.
  const statistic = (positions: Uint32Array) => correlate(positions) ?? 0;
  const random = stream(seed, `cross-lingual-editing/correlation/${name}`);
  return bootstrapInterval(clusters(points.map(({ fact }) => fact)), statistic, {
    random,
    resamples,
    method: "percentile",
  });
}
