/** Tries to bring a row into a published table that does not belong there, with a real study's run. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Comparability, MeasuredRecord, PublishedTable } from "#base";
import { comparedTable } from "#report";
import { listRuns, openRun, Store } from "#runs";
import { loadStudy } from "#studies";
import { deskAt } from "../../src/cli/desk-double.ts";
import { runCommandLine } from "../../src/cli/main.ts";

const { study } = await loadStudy("mmneedle");
const table = study.published.find(({ columns }) => columns.some(({ metric }) => metric === "exact"))!;
const parts = ["data", "prompt", "split", "scorer", "settings"] as const satisfies (keyof Comparability)[];

/** Numbers as the paper would have measured them. */
const genuine = (subject: string): MeasuredRecord[] =>
  table.columns.map(({ metric, setting, requires }) => ({
    subject,
    metric,
    setting,
    value: 99,
    n: 1000,
    comparability: requires,
  }));

const rowOf = (records: readonly MeasuredRecord[], kind = "api", published: PublishedTable = table) =>
  comparedTable(published, { records, kinds: { [records[0]!.subject]: kind } }).measured[0]!;

test("a row with the paper's five hashes stands in the published table", () => {
  expect(rowOf(genuine("mine")).apart).toEqual([]);
});

test("the same numbers with one changed byte in any hash of any cell stand apart", () => {
  for (const at of table.columns.keys()) {
    for (const part of parts) {
      const records = genuine("mine").map((record, index) => {
        const { comparability } = record;
        const forged = { ...comparability!, [part]: comparability![part].replace(/.$/, "~") };
        return index === at ? { ...record, comparability: forged } : record;
      });

      expect(rowOf(records).apart, `${part} of column ${at}`).toEqual([`${part} differs from the paper's`]);
    }
  }
});

test("a control, a subject of no known kind, and records that say nothing stand apart", () => {
  const silent = genuine("mine").map(({ comparability: _, ...record }) => record);

  expect(rowOf(genuine("baseline:oracle"), "control").apart).toEqual(["a control, not a model"]);
  expect(comparedTable(table, { records: genuine("mine"), kinds: {} }).measured[0]!.apart).toHaveLength(1);
  expect(rowOf(silent).apart).toHaveLength(parts.length);
});

test("a second record for a column cannot lend its hashes to the first", () => {
  const [first, ...others] = genuine("mine");
  const forged = { ...first!, comparability: { ...first!.comparability!, prompt: "else" }, value: 100 };

  expect(rowOf([forged, first!, ...others]).apart).toHaveLength(1);
});

test("a run on scenes, cut short by --limit, says itself that data, split and settings are not the paper's", async () => {
  const home = mkdtempSync(join(tmpdir(), "assay-guard-"));
  const settings = "--set pictures=1 --set side=2 --set needles=1".split(" ");
  const words = [
    "run",
    "mmneedle",
    "--preset",
    "tiny",
    ...settings,
    "--limit",
    "3",
    "-m",
    "baseline:oracle",
    "--quiet",
  ];
  expect(await runCommandLine(words, deskAt(home))).toBe(0);
  using store = new Store(home, { readOnly: true });
  const records = openRun(store, listRuns(store)[0]!.id).records();

  // Even where somebody calls the control a model.
  const { apart } = rowOf(records, "api");

  expect(apart).toEqual(["data", "split", "settings"].map((part) => `${part} differs from the paper's`));
});
