import { expect, test } from "vitest";
import type { MeasuredRecord } from "#base";
import { officialName, ownComparability, paperSettings } from "./comparability.ts";
import { rowOf } from "./published-rows.ts";
import type { Settings } from "./settings.ts";
import { paperTables, shapeTables } from "./tables.ts";
import { tasks, tasksOf } from "./tasks.ts";

const library = tasks["library-codegen"];

interface Measured {
  readonly settings?: Partial<Settings>;
  readonly rows?: number;
  readonly limit?: number;
  readonly subject?: string;
}

function recallOf({ settings = {}, rows = 150, limit, subject = "mine" }: Measured): MeasuredRecord {
  const comparability = ownComparability(library, {
    variant: "none",
    settings: { ...paperSettings, ...settings } as Settings,
    limit,
    data: officialName(library, rows),
  });
  const setting = { task: library.id, variant: "none" };
  return { subject, setting, metric: "apiRecall", value: 0.25, n: rows, group: "library-codegen/none", comparability };
}

const apartOf = (measured: Measured, kind = "api") =>
  paperTables({ records: [recallOf(measured)], kinds: { [measured.subject ?? "mine"]: kind } }, [library])[0]!
    .measured[0]!.apart;

test("paperTables() lets a row join that has the whole official data and the paper's settings", () => {
  expect(apartOf({})).toEqual([]);
  expect(apartOf({ rows: 149 })).toEqual(["data differs from the paper's"]);
  expect(apartOf({ limit: 10 })).toEqual(["split differs from the paper's"]);
  expect(apartOf({ settings: { maxTokens: 64 } })).toEqual(["settings differs from the paper's"]);
  expect(apartOf({ subject: "baseline:oracle" }, "control")).toEqual(["a control, not a model"]);
});

test("every task lets no row join whose answers or prompts were cut shorter than the paper's", () => {
  for (const task of Object.values(tasks)) {
    const isLine = task.id === "code-completion";
    const cut = { ...paperSettings, ...(isLine ? { lineTokens: 10 } : { maxTokens: 10 }) };
    const near = { ...paperSettings, contextTokens: 200 };
    const settingsOf = (settings: Settings) =>
      ownComparability(task, { variant: "v", settings, data: "d", limit: undefined }).settings;

    expect(settingsOf(cut), task.id).not.toBe(settingsOf(paperSettings));
    expect(settingsOf(near), task.id).not.toBe(settingsOf(paperSettings));
  }
});

test("paperTables() shows fractions with three decimals, percent with two, and leaves out what nobody measured", () => {
  const [table, ...others] = paperTables({ records: [recallOf({})], kinds: {} }, Object.values(tasks));

  expect(others).toEqual([]);
  expect(table).toMatchObject({
    decimals: 3,
    published: expect.arrayContaining([expect.objectContaining({ subject: "gpt-4-0125-preview" })]),
  });
});

test("shapeTables() gives each context a table of its own, with the classes of lines beside each other", () => {
  const line = (variant: string, size: string, lineClass: string): MeasuredRecord => ({
    subject: "mine",
    metric: "exact",
    value: 50,
    n: 2,
    setting: { task: "code-completion", variant, size, lineClass },
  });
  const records = ["none", "path-distance"].flatMap((variant) =>
    ["small", "large", "every"].flatMap((size) => ["all", "infile"].map((lineClass) => line(variant, size, lineClass))),
  );

  const shown = shapeTables({ records, kinds: {} }, [tasks["code-completion"]]);

  expect(shown.map(({ title }) => title.split(", ").at(-1))).toEqual(["context none", "context path-distance"]);
  expect(shown[0]).toMatchObject({
    spans: [{ label: "none", columns: 2 }],
    columns: ["infile", "all"],
  });
});

test("tasksOf() keeps the order of the paper, and every task has tables, baselines and columns", () => {
  expect(tasksOf({ task: ["bug-localization", "library-codegen"] }).map(({ id }) => id)).toEqual([
    ...["library-codegen", "bug-localization"],
  ]);
  for (const task of Object.values(tasks)) {
    expect(task.published.length, task.id).toBeGreaterThan(0);
    expect(task.baselines.length, task.id).toBeGreaterThan(1);
    expect(task.official.columns.length, task.id).toBeGreaterThan(3);
  }
});

test("every published row has a cell for each column", () => {
  for (const { published } of Object.values(tasks)) {
    for (const { id, columns, rows } of published) {
      for (const { subject, cells } of rows) expect(cells.length, `${id}: ${subject}`).toBe(columns.length);
    }
  }
  expect(rowOf("GPT-3.5 Turbo (1106): 1.5 – .25")).toEqual({
    subject: "GPT-3.5 Turbo (1106)",
    cells: [1.5, null, 0.25],
  });
});
