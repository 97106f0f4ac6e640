import { expect, test } from "vitest";
import { comparedTable } from "#report";
import { paperComparability } from "../comparability.ts";
import { rowOf } from "./columns.ts";
import { published } from "./tables.ts";

test("rowOf() reads percentages, and a dash as nothing", () => {
  expect(rowOf("A-B 1.5: 99.59/0 | –")).toEqual({ subject: "A-B 1.5", cells: [99.59, 0, null] });
});

test("every published row has a number or nothing for each column, from 0 to 100", () => {
  for (const { columns, rows } of published) {
    for (const { cells } of rows) {
      expect(cells).toHaveLength(columns.length);
      expect(cells.every((cell) => cell === null || (cell >= 0 && cell <= 100))).toBe(true);
    }
  }
});

test("exact accuracy never passes index accuracy, nor index existence, in the tables of one needle", () => {
  for (const { rows } of published.filter(({ id }) => ["table2", "table3"].includes(id))) {
    for (const { cells } of rows) {
      for (let at = 0; at < cells.length; at += 3) {
        const [existence, index, exact] = cells.slice(at, at + 3) as [number, number, number];
        expect(existence).toBeGreaterThanOrEqual(index);
        expect(index).toBeGreaterThanOrEqual(exact);
      }
    }
  }
});

const table2 = published.find(({ id }) => id === "table2")!;
const faithful = table2.columns.map((column) => ({
  subject: "mine",
  metric: column.metric,
  setting: column.setting,
  value: 50,
  n: 1000,
  comparability: column.requires,
}));
const kinds = { mine: "api", control: "control" };
const apartOf = (records: Parameters<typeof comparedTable>[1]["records"]) =>
  comparedTable(table2, { records, kinds }).measured[0]!.apart;

test("a row with the paper's hashes joins Table 2", () => {
  expect(apartOf(faithful)).toEqual([]);
});

test.each(["data", "prompt", "split", "scorer", "settings"] as const)(
  "a row cannot cheat its way into Table 2 with another %s in a single column",
  (part) => {
    const cheating = faithful.map((record, at) =>
      at === 4 ? { ...record, comparability: { ...record.comparability, [part]: "other" } } : record,
    );

    expect(apartOf(cheating)).toEqual([expect.stringContaining(part)]);
  },
);

test("a row without hashes, a control, and hashes of another column stay out of Table 2", () => {
  const { comparability: _, ...nameless } = faithful[0]!;
  const other = paperComparability({ pictures: 1, side: 8, needles: 1 }, "positive");

  expect(apartOf([nameless, ...faithful.slice(1)])).not.toEqual([]);
  expect(apartOf(faithful.map((record) => ({ ...record, subject: "control" })))).not.toEqual([]);
  expect(apartOf([{ ...faithful[0]!, comparability: other }, ...faithful.slice(1)])).not.toEqual([]);
});
