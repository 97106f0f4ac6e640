/** What claims compare, fact by fact: one record each, with an interval that resamples facts. */
import type { MeasuredRecord } from "#base";
import { differenceOf, factMean, numberNamed, perFact, unbounded } from "./aggregate.ts";
import { mergeNames } from "./arm-settings.ts";
import { askedOf, type Case, isInside } from "./case.ts";
import type { RecordOptions } from "./matrix-records.ts";
import type { Strata, StratumName } from "./strata.ts";

const number = numberNamed("reliability");
type ByFact = ReadonlyMap<string, number>;

const inside = (cases: readonly Case[]): ByFact => perFact(cases.filter(isInside), number);
const outside = (cases: readonly Case[]): ByFact =>
  perFact(
    cases.filter((one) => !isInside(one)),
    number,
  );
const of = (cases: readonly Case[], arm: string, editor: string, model?: string): Case[] =>
  cases.filter((one) => one.arm === arm && one.editor === editor && (model === undefined || one.model === model));
const combined = (first: ByFact, second: ByFact, combine: (a: number, b: number) => number): ByFact =>
  new Map([...first].flatMap(([fact, value]) => (second.has(fact) ? [[fact, combine(value, second.get(fact)!)]] : [])));

/** Every contrast of a subject. */
export function contrastRecords(cases: readonly Case[], options: RecordOptions): MeasuredRecord[] {
  const record = (name: string, setting: MeasuredRecord["setting"], numbers: ByFact): MeasuredRecord[] => {
    const named = { ...options, name: JSON.stringify(["contrast", name, setting]) };
    const found = factMean(numbers, { ...named, range: unbounded });
    return found === null
      ? []
      : [{ subject: options.subject, setting: { contrast: name, ...setting }, metric: "contrast", ...found }];
  };
  return [
    ...jointContrasts(cases, record),
    ...mergeContrasts(cases, record),
    ...stratumContrasts(cases, record),
    ...worldContrasts(cases, record),
  ];
}

type Recorder = (name: string, setting: MeasuredRecord["setting"], numbers: ByFact) => MeasuredRecord[];

/** What joint edits reach beyond the middle between ROME's ELFO and ELFI: above 0 they close more than half of the gap. */
function jointContrasts(cases: readonly Case[], record: Recorder): MeasuredRecord[] {
  const single = of(cases, "matrix", "rome");
  const middle = combined(inside(single), outside(single), (home, away) => (home + away) / 2);
  return (["joint", "joint-others"] as const).flatMap((editor) => {
    const reached = perFact(of(cases, "matrix", editor), number);
    return record("joint beyond half of the gap", { editor }, differenceOf(reached, middle));
  });
}

/** What is left of the gap on merged models beyond half of that before: above 0 merging closes less than half. */
function mergeContrasts(cases: readonly Case[], record: Recorder): MeasuredRecord[] {
  const gap = (own: readonly Case[]) => differenceOf(inside(own), outside(own));
  const before = gap(of(cases, "merge", "rome", "unmerged"));
  const merged = of(cases, "merge", "rome").filter(({ model }) => (mergeNames as readonly string[]).includes(model));
  const beyond = (own: readonly Case[]) => combined(gap(own), before, (after, first) => after - first / 2);
  const models = [...new Set(merged.map(({ model }) => model))];
  return [
    ...record("gap left beyond half", { model: "all merges" }, beyond(merged)),
    ...models.flatMap((model) =>
      record("gap left beyond half", { model }, beyond(merged.filter((one) => one.model === model))),
    ),
  ];
}

const pairs: readonly { readonly [Name in StratumName]: readonly [Name, Strata[Name], Strata[Name]] }[StratumName][] = [
  ["answer", "shared", "different"],
  ["subject", "shared", "different"],
  ["script", "same", "different"],
  ["before", "known", "unknown"],
];

/** What an edit gains over M₀ where something is shared, less what it gains where it is not, in the same facts. */
function stratumContrasts(cases: readonly Case[], record: Recorder): MeasuredRecord[] {
  const editors = [
    ...new Set(cases.filter(({ arm, editor }) => arm === "matrix" && editor !== "none").map(({ editor }) => editor)),
  ];
  const unedited = new Map(of(cases, "matrix", "none").map((one) => [askedOf(one), one.numbers.reliability]));
  const gain = (one: Case): number => one.numbers.reliability - (unedited.get(askedOf(one)) ?? 0);
  return editors.flatMap((editor) => {
    const away = of(cases, "matrix", editor).filter((one) => !isInside(one));
    return pairs.flatMap(([stratum, one, other]) => {
      const where = (value: string) =>
        perFact(
          away.filter(({ strata }) => strata[stratum] === value),
          gain,
        );
      return record(`${stratum} ${one} less ${other}`, { editor }, differenceOf(where(one), where(other)));
    });
  });
}

/** What an edit gains in the other tongue over M₀, less what it gains where nothing is shared. */
function worldContrasts(cases: readonly Case[], record: Recorder): MeasuredRecord[] {
  const gained = (world: string) =>
    differenceOf(
      outside(of(cases, "controlled", "rome", world)),
      perFact(of(cases, "controlled", "none", world), number),
    );
  const apart = gained("apart");
  const worlds = [...new Set(of(cases, "controlled", "rome").map(({ model }) => model))].filter(
    (world) => world !== "apart",
  );
  return worlds.flatMap((model) => record("more than apart", { model }, differenceOf(gained(model), apart)));
}
