/** Finding numbers among records. */
import type { MeasuredRecord } from "#base";
import { conceptOf } from "./concept.ts";
import { isTraining } from "./forgetting-names.ts";

/** What a record must say; a list of values means one of them. */
export type Wanted = Readonly<Record<string, string | number | readonly (string | number)[]>>;

/** Records that say what is wanted. */
export function matching(records: readonly MeasuredRecord[], metric: string, wanted: Wanted = {}): MeasuredRecord[] {
  return records.filter(
    (record) =>
      record.metric === metric &&
      record.value !== null &&
      Object.entries(wanted).every(([name, value]) => [value].flat().includes(record.setting[name] as never)),
  );
}

/** Everything that trains, as against Needle and MEMIT. */
export const isFineTuning = ({ setting: { method } }: MeasuredRecord): boolean =>
  method !== undefined && isTraining(String(method)) && !String(method).endsWith("/bfloat16");

/** Which concept, method and seed a record is of. */
export const keyOf = ({ setting: { concept, method, seed } }: MeasuredRecord): string =>
  JSON.stringify([concept, method ?? null, seed ?? null]);

/** Which concept and seed. */
export const caseOf = ({ setting: { concept, seed } }: MeasuredRecord): string =>
  JSON.stringify([concept, seed ?? null]);

/** The mean value for each key. */
export function meansBy(
  records: readonly MeasuredRecord[],
  key: (record: MeasuredRecord) => string,
): Map<string, number> {
  const groups = Map.groupBy(records, key);
  return new Map(
    [...groups].map(([name, group]) => [name, group.reduce((sum, { value }) => sum + value!, 0) / group.length]),
  );
}

/** First minus second, wherever both were measured, by the same keys. */
export function differences(
  first: ReadonlyMap<string, number>,
  second: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map([...first].flatMap(([key, value]) => (second.has(key) ? [[key, value - second.get(key)!]] : [])));
}

/**
 * One number a concept: its methods, seeds and value vectors share questions, so that they are no independent cases.
 */
export function perConcept(numbers: ReadonlyMap<string, number>): number[] {
  const groups = Map.groupBy(numbers, ([key]) => conceptOf(String(JSON.parse(key)[0])));
  return [...groups.values()].map((group) => group.reduce((sum, [, value]) => sum + value, 0) / group.length);
}

/** How many seeds some records are of. */
export const seedsIn = (records: readonly MeasuredRecord[]): number =>
  new Set(records.flatMap(({ setting: { seed } }) => (seed === undefined ? [] : [seed]))).size;
