/** What off-diagonal numbers are like by what languages share, and what went wrong. */
import type { MeasuredRecord } from "#base";
import { differenceOf, differenceOfShares, factMean, numberNamed, perFact } from "./aggregate.ts";
import { askedOf, type Case, type Excluded, isInside } from "./case.ts";
import { matricesOf, type RecordOptions } from "./matrix-records.ts";
import type { NumberName } from "./measures.ts";
import type { StratumName } from "./strata.ts";

const strataNames = ["answer", "subject", "script", "tokens", "before"] as const satisfies readonly StratumName[];
const stratified = [
  "reliability",
  "reliabilityWritten",
  "es",
  "generalization",
  "locality",
] as const satisfies readonly NumberName[];

/** ELFO by stratum, with the unedited model's number for the same cases and the difference. */
export function strataRecords(cases: readonly Case[], options: RecordOptions): MeasuredRecord[] {
  const unedited = cases.filter(({ editor }) => editor === "none");
  const outside = cases.filter((one) => one.editor !== "none" && !isInside(one));
  return matricesOf(outside).flatMap(({ key, cases: own }) =>
    strataNames.flatMap((stratum) => {
      const values = [...new Set(own.map(({ strata }) => strata[stratum]))].sort();
      return values.flatMap((value) => {
        const members = own.filter(({ strata }) => strata[stratum] === value);
        const asked = new Set(members.map(askedOf));
        const before = unedited.filter(
          (one) => asked.has(askedOf(one)) && one.model === key.model && one.arm === key.arm,
        );
        return stratumRecords({ members, before }, { setting: { ...key, stratum, value }, ...options });
      });
    }),
  );
}

interface Stratum {
  readonly members: readonly Case[];
  readonly before: readonly Case[];
}

function stratumRecords(
  { members, before }: Stratum,
  { subject, setting, resamples, seed }: RecordOptions & { readonly setting: MeasuredRecord["setting"] },
): MeasuredRecord[] {
  return stratified.flatMap((name) => {
    const [after, base] = [members, before].map((list) => perFact(list, numberNamed(name)));
    const options = { resamples, seed, name: JSON.stringify([setting, name]) };
    const found = [
      ["elfoIn", factMean(after!, options)],
      ["m0In", factMean(base!, options)],
      ["elfoMinusM0In", factMean(differenceOf(after!, base!), { ...options, range: differenceOfShares })],
    ] as const;
    const cases = { ...setting, number: name, cases: members.length };
    return found.flatMap(([metric, one]) => (one === null ? [] : [{ subject, setting: cases, metric, ...one }]));
  });
}

/** The share of each class among the failures and successes of a matrix, inside and outside of the edit's languages. */
export function errorRecords(cases: readonly Case[], { subject }: RecordOptions): MeasuredRecord[] {
  return matricesOf(cases.filter(({ editor }) => editor !== "none")).flatMap(({ key, cases: own }) =>
    ["inside", "outside"].flatMap((place) => {
      const here = own.filter((one) => isInside(one) === (place === "inside"));
      const tests = [...new Set(here.map(({ test }) => test))];
      return [
        ["all", here] as const,
        ...tests.map((test) => [test, here.filter((one) => one.test === test)] as const),
      ].flatMap(([test, list]) =>
        [...Map.groupBy(list, ({ error }) => error)].map(([error, members]) => ({
          subject,
          metric: "errorShare",
          value: members.length / list.length,
          n: list.length,
          setting: { ...key, place, test, class: error },
        })),
      );
    }),
  );
}

/** The share of old facts that a model wrote before any edit, language by language. */
export function knownRecords(cases: readonly Case[], options: RecordOptions): MeasuredRecord[] {
  const unedited = cases.filter(({ editor, edit, test }) => editor === "none" && edit === test);
  const cells = Map.groupBy(unedited, ({ arm, model, test }) => JSON.stringify({ arm, model, test }));
  return [...cells].flatMap(([place, own]) => {
    const found = factMean(
      perFact(own, ({ strata }) => Number(strata.before === "known")),
      {
        ...options,
        name: `known/${place}`,
      },
    );
    const setting = JSON.parse(place) as MeasuredRecord["setting"];
    return found === null ? [] : [{ subject: options.subject, setting, metric: "known", ...found }];
  });
}

/** How many edits were not made, by reason; where none was left out the count is zero. */
export function excludedRecords(excluded: readonly Excluded[], { subject }: RecordOptions): MeasuredRecord[] {
  const groups = Map.groupBy(excluded, ({ arm, model, editor, edit, reason }) =>
    JSON.stringify({ arm, model, editor, edit, reason }),
  );
  return [...groups].map(([key, own]) => ({
    subject,
    setting: JSON.parse(key) as MeasuredRecord["setting"],
    metric: "excluded",
    value: own.length,
    n: own.length,
  }));
}
