import type { MeasuredRecord } from "#base";
import type { Configuration } from "./configurations.ts";
import type { Metric } from "./measures.ts";
import type { Split } from "./needles.ts";

/** What a record is about. */
export interface Cell extends Configuration {
  readonly split: Split;
}

/** A record that holds a number, with its setting read. */
export interface CellRecord {
  readonly cell: Cell;
  readonly record: MeasuredRecord;
}

/** The numbers of one metric and split, in the order in which they were measured. */
export function cellRecords(
  records: readonly MeasuredRecord[],
  { metric, split = "positive" }: { readonly metric: Metric; readonly split?: Split },
): CellRecord[] {
  return records
    .filter((record) => record.metric === metric && record.setting.split === split && record.value !== null)
    .map((record) => ({ cell: record.setting as unknown as Cell, record }));
}

/** Subjects that look at the question, in the order of their records: controls are left to the claims about controls. */
export function examinedIn(records: readonly MeasuredRecord[]): string[] {
  const names = new Set(records.map(({ subject }) => subject));
  return [...names].filter((name) => !name.startsWith("baseline:"));
}

/** Pairs of cells that agree but for one number, which is smaller in the first. */
export function pairsAlong(cells: readonly CellRecord[], axis: keyof Configuration): [CellRecord, CellRecord][] {
  const others = (["pictures", "side", "needles"] as const).filter((name) => name !== axis);
  const isSameLine = (a: Cell, b: Cell) => others.every((name) => a[name] === b[name]);
  return cells.flatMap((first) => {
    const next = cells
      .filter(({ cell }) => isSameLine(cell, first.cell) && cell[axis] > first.cell[axis])
      .sort((a, b) => a.cell[axis] - b.cell[axis])[0];
    return next === undefined ? [] : [[first, next] as [CellRecord, CellRecord]];
  });
}
