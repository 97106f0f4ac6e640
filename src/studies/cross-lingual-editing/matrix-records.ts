/** Every cell of every matrix, and what the matrices come to: ELFI, ELFO, M₀, gaps, ratios, asymmetries. */
import type { MeasuredRecord } from "#base";
import { harmonicMean } from "#evals/metrics";
import {
  differenceOf,
  differenceOfShares,
  type FactMean,
  factMean,
  type IntervalOptions,
  numberNamed,
  perFact,
  type Range,
  share,
  unbounded,
} from "./aggregate.ts";
import { type Case, isInside } from "./case.ts";
import type { NumberName } from "./measures.ts";

/** Every number that has a matrix. */
export const matrixNumbers = [
  ...[
    "reliability",
    "reliabilityExact",
    "reliabilityWritten",
    "reliabilitySource",
    "reliabilityEither",
    "writtenEither",
  ],
  ...["generalization", "generalizationExact", "generalizationWritten"],
  ...["locality", "localityNeighbours", "localityUnrelated", "portability", "portabilityExact"],
  ...["es", "em", "ps", "pm", "ns", "nm", "fluency", "logGain"],
] as const as readonly NumberName[];

/** Differences of two probabilities, and numbers without bounds; all others are shares. */
const ranges: Readonly<Partial<Record<NumberName, Range>>> = {
  em: differenceOfShares,
  pm: differenceOfShares,
  nm: differenceOfShares,
  fluency: [0, Number.POSITIVE_INFINITY],
  logGain: unbounded,
};
const rangeOf = (name: NumberName): Range => ranges[name] ?? share;

/** Numbers with an interval in every cell, not only in their means. */
const withIntervals: ReadonlySet<NumberName> = new Set([
  "reliability",
  "reliabilityWritten",
  "generalization",
  "locality",
  "es",
]);

/** Whose records are made. */
export interface RecordOptions {
  readonly subject: string;
  readonly resamples: number;
  readonly seed: number;
}

/** What cases of one matrix share. */
interface MatrixKey {
  readonly arm: string;
  readonly model: string;
  readonly editor: string;
}

const keyOf = ({ arm, model, editor }: Case): string => JSON.stringify({ arm, model, editor });

/** Cases by the matrix that they belong to. */
export function matricesOf(cases: readonly Case[]): { readonly key: MatrixKey; readonly cases: readonly Case[] }[] {
  return [...Map.groupBy(cases, keyOf)].map(([key, own]) => ({ key: JSON.parse(key) as MatrixKey, cases: own }));
}

/** The group of samples behind a cell. */
export const groupOf = ({ arm, model, editor }: MatrixKey, edit: string, test: string): string =>
  [arm, model, editor, edit, test].join("/");

/** Records of all matrices; `unedited` are the cases of M₀, from the same facts and languages. */
export function matrixRecords(cases: readonly Case[], options: RecordOptions): MeasuredRecord[] {
  const unedited = cases.filter(({ editor }) => editor === "none");
  return matricesOf(cases).flatMap((matrix) => {
    const own = unedited.filter(({ arm, model }) => arm === matrix.key.arm && model === matrix.key.model);
    const summary = matrix.key.editor === "none" ? [] : summaryRecords(matrix, own, options);
    return [...cellRecords(matrix, options), ...summary];
  });
}

type Matrix = ReturnType<typeof matricesOf>[number];

function cellRecords({ key, cases }: Matrix, options: RecordOptions): MeasuredRecord[] {
  const cells = Map.groupBy(cases, ({ edit, test }) => JSON.stringify([edit, test]));
  return [...cells].flatMap(([place, own]) => {
    const [edit, test] = JSON.parse(place) as [string, string];
    const about = { subject: options.subject, setting: { ...key, edit, test }, group: groupOf(key, edit, test) };
    const measured = matrixNumbers.map((name) => {
      const named = intervals(options, `${keyName(key)}/${place}/${name}`);
      const found = factMean(perFact(own, numberNamed(name)), { ...named, range: rangeOf(name) });
      const { interval, ...rest } = found ?? { value: null, n: 0 };
      return { ...about, metric: name, ...rest, ...(interval && withIntervals.has(name) ? { interval } : {}) };
    });
    return [...measured, { ...about, metric: "score", ...scoreOf(measured) }];
  });
}

const intervals = ({ resamples, seed }: RecordOptions, name: string): IntervalOptions => ({ resamples, seed, name });
const keyName = ({ arm, model, editor }: MatrixKey): string => [arm, model, editor].join("/");

/** CounterFact's score of a cell: the harmonic mean of ES, PS and NS, where all three were measured. */
function scoreOf(measured: readonly { readonly metric: string; readonly value: number | null; readonly n: number }[]) {
  const three = ["es", "ps", "ns"].map((name) => measured.find(({ metric }) => metric === name)!);
  const values = three.map(({ value }) => value).filter((value) => value !== null);
  return { value: values.length === 3 ? harmonicMean(values) : null, n: Math.min(...three.map(({ n }) => n)) };
}

/** Numbers that are summed up. */
const summarized = [
  ...["reliability", "reliabilityExact", "reliabilityWritten", "reliabilityEither", "writtenEither", "generalization"],
  ...["generalizationWritten", "locality", "portability", "es", "ps", "ns", "fluency"],
] as const as readonly NumberName[];

function summaryRecords({ key, cases }: Matrix, unedited: readonly Case[], options: RecordOptions): MeasuredRecord[] {
  const about = (metric: string, found: FactMean | null, more: Readonly<Record<string, string>>): MeasuredRecord[] =>
    found === null ? [] : [{ subject: options.subject, setting: { ...key, ...more }, metric, ...found }];
  return summarized.flatMap((name) => {
    const number = numberNamed(name);
    const range = rangeOf(name);
    const [least, most] = range;
    const mean = (list: readonly Case[], what: string) =>
      factMean(perFact(list, number), { ...intervals(options, `${keyName(key)}/${what}/${name}`), range });
    const [inside, outside] = [cases.filter(isInside), cases.filter((one) => !isInside(one))];
    const [home, away] = [inside, outside].map((list) => perFact(list, number));
    const base = (list: readonly Case[]) => perFact(baseOf(unedited, list, name), number);
    const difference = (first: Map<string, number>, second: Map<string, number>, what: string) =>
      factMean(differenceOf(first, second), {
        ...intervals(options, `${keyName(key)}/${what}/${name}`),
        range: [least - most, most - least],
      });
    const number_ = { number: name };
    return [
      ...about("elfi", mean(inside, "elfi"), number_),
      ...about("elfo", mean(outside, "elfo"), number_),
      ...about("m0", mean(unedited, "m0"), number_),
      ...about("elfiMinusElfo", difference(home!, away!, "elfi-elfo"), number_),
      ...about("elfiMinusM0", difference(home!, base(inside), "elfi-m0"), number_),
      ...about("elfoMinusM0", difference(away!, base(outside), "elfo-m0"), number_),
      ...(name === "reliability" ? pairRecords({ key, cases }, unedited, options) : []),
    ];
  });
}

/** Numbers that look at the edit's language too: off the diagonal one name more may be right, edited or not. */
const ofBothLanguages: ReadonlySet<NumberName> = new Set(["reliabilityEither", "writtenEither"]);

/** The unedited cases that some are held against: all, or those of the same cells where the cell makes a difference. */
function baseOf(unedited: readonly Case[], cases: readonly Case[], name: NumberName): readonly Case[] {
  if (!ofBothLanguages.has(name)) return unedited;
  const cells = new Set(cases.map(({ edit, test }) => `${edit} ${test}`));
  const own = unedited.filter(({ edit, test }) => cells.has(`${edit} ${test}`));
  // A joint edit has no row of its own in M₀.
  return own.length === 0 ? unedited : own;
}

/** Where an edit gains less at home than this, its transfer ratio has nothing to divide by. */
const leastGain = 0.05;

/** ρ(a, b) = (M[a][b] − M₀[b]) / (M[a][a] − M₀[a]) and A(a, b) = M[a][b] − M[b][a], of reliability. */
function pairRecords({ key, cases }: Matrix, unedited: readonly Case[], { subject }: RecordOptions): MeasuredRecord[] {
  const at = (list: readonly Case[], edit: string | undefined, test: string): number | null => {
    const own = list.filter((one) => one.test === test && (edit === undefined || one.edit === edit));
    const values = [...perFact(own, numberNamed("reliability")).values()];
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const languages = [...new Set(cases.map(({ test }) => test))];
  const single = languages.filter((language) => cases.some(({ edit }) => edit === language));
  return single.flatMap((edit) =>
    languages.flatMap((test) => {
      if (edit === test) return [];
      const [there, back, home] = [at(cases, edit, test), at(cases, test, edit), at(cases, edit, edit)];
      const [base, homeBase] = [at(unedited, undefined, test), at(unedited, undefined, edit)];
      const n = cases.filter((one) => one.edit === edit && one.test === test).length;
      const gained = home === null || homeBase === null ? 0 : home - homeBase;
      const ratio = there === null || base === null || gained < leastGain ? null : (there - base) / gained;
      const setting = { ...key, edit, test };
      return [
        { subject, setting, metric: "transferRatio", value: ratio, n },
        { subject, setting, metric: "asymmetry", value: there === null || back === null ? null : there - back, n },
      ];
    }),
  );
}
