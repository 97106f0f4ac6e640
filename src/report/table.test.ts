import { expect, test } from "vitest";
import type { Comparability, MeasuredRecord, PublishedTable } from "#base";
import { comparedTable } from "./table.ts";

const requires: Comparability = { data: "d", prompt: "p", split: "s", scorer: "c", settings: "x" };
const published: PublishedTable = {
  id: "table-2",
  title: "One needle",
  source: "Table 2",
  certainty: "read in the paper",
  unit: "%",
  columns: [2, 4].map((side) => ({ label: `N=${side}`, metric: "exact", setting: { side }, requires })),
  rows: [{ subject: "Famous", cells: [90, 40] }],
};
const record = (side: number, extra: Partial<MeasuredRecord> = {}): MeasuredRecord => ({
  subject: "mine",
  setting: { side, split: "positive" },
  metric: "exact",
  value: 50,
  n: 100,
  comparability: requires,
  ...extra,
});
const compare = (records: MeasuredRecord[], kind = "api") =>
  comparedTable(published, { records, kinds: { mine: kind } });

test("comparedTable() lets a row stand in the table when all five hashes of every number agree", () => {
  const [row] = compare([record(2), record(4, { value: 20 })]).measured;

  expect(row).toMatchObject({ subject: "mine", apart: [], cells: [{ value: 50 }, { value: 20 }] });
});

test("comparedTable() keeps a row apart for one differing hash in one number, and names it", () => {
  for (const part of ["data", "prompt", "split", "scorer", "settings"] as const) {
    const forged = { ...requires, [part]: "else" };

    const [row] = compare([record(2), record(4, { comparability: forged })]).measured;

    expect(row?.apart).toEqual([`${part} differs from the paper's`]);
  }
});

test("comparedTable() cannot be cheated by a record that says nothing, or nothing but empty hashes", () => {
  const { comparability: _, ...silent } = record(2);
  const empty = record(2, { comparability: { data: "", prompt: "", split: "", scorer: "", settings: "" } });
  const requiresNothing = {
    ...published,
    columns: published.columns.map((column) => ({ ...column, requires: empty.comparability! })),
  };

  expect(compare([silent]).measured[0]?.apart).toHaveLength(5);
  expect(compare([empty]).measured[0]?.apart).toHaveLength(5);
  expect(comparedTable(requiresNothing, { records: [empty], kinds: { mine: "api" } }).measured[0]?.apart).toHaveLength(
    5,
  );
});

test("comparedTable() keeps a control apart even when it takes a published name and matching hashes", () => {
  const records = [record(2, { subject: "Famous" })];

  const table = comparedTable(published, { records, kinds: { Famous: "control" } });

  expect(table.published).toHaveLength(1);
  expect(table.measured[0]?.apart).toEqual(["a control, not a model"]);
});

test("comparedTable() leaves out subjects that measured none of its columns", () => {
  expect(compare([record(8)]).measured).toEqual([]);
});

test("comparedTable() carries how the paper prints the table", () => {
  const spans = [{ label: "M=1", columns: 2 }];

  const table = comparedTable(published, { records: [], kinds: {}, decimals: 1, spans });

  expect(table).toMatchObject({ decimals: 1, spans });
});
