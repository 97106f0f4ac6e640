/** Finding numbers among records, for tables and figures. */
import type { MeasuredRecord } from "#base";
import type { MeasuredCell } from "#report";

/** What a record's setting must say. */
export type Wanted = Readonly<Record<string, string | number>>;

/** Records of a metric that say what is wanted. */
export function recordsWith(records: readonly MeasuredRecord[], metric: string, wanted: Wanted = {}): MeasuredRecord[] {
  return records.filter(
    (record) =>
      record.metric === metric && Object.entries(wanted).every(([name, value]) => record.setting[name] === value),
  );
}

/** The different values of a setting among some records, in the order in which they come. */
export function valuesOf(records: readonly MeasuredRecord[], name: string): string[] {
  return [...new Set(records.flatMap(({ setting }) => (setting[name] === undefined ? [] : [String(setting[name])])))];
}

/** A record as a cell of a table; null where nothing was measured. */
export function cellOf(record: MeasuredRecord | undefined): MeasuredCell | null {
  if (record === undefined || record.value === null) return null;
  const { value, n, interval, group } = record;
  return { value, n, ...(interval && { interval }), ...(group !== undefined && { group }) };
}
