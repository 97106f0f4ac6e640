import { expect, test } from "vitest";
import type { Side } from "./compare.ts";
import { compareRecords, hasAnswers } from "./compare-records.ts";
import { createRun } from "./ledger.ts";
import { demoAnswer, demoManifest, demoSample, scratchHome } from "./run-double.ts";
import { Store } from "./store/store.ts";

const store = new Store(scratchHome());
const subject = "mini:test";

function measured(values: Readonly<Record<string, number | null>>, seed: number): Side {
  const manifest = demoManifest({ seed, subjects: [{ name: subject, kind: "open", identity: subject }] });
  const run = createRun(store, manifest);
  for (const [at, [metric, value]] of Object.entries(values).entries())
    run.record({ subject, setting: { explainer: "pace", at }, metric, value, n: 1 });
  return { run, subject };
}

test("compareRecords() pairs what two runs measured in the same cell, and leaves out what one lacks", () => {
  const first = measured({ faithfulness: 0.5, sparsity: null, purity: 1 }, 0);
  const second = measured({ faithfulness: 0.75, sparsity: 1 }, 1);

  const rows = compareRecords(first, second);

  expect(rows).toEqual([
    { setting: { explainer: "pace", at: 0 }, metric: "faithfulness", first: 0.5, second: 0.75, difference: 0.25 },
  ]);
  expect(compareRecords(first, second, ["purity"])).toEqual([]);
});

test("hasAnswers() tells runs that asked from runs that computed", () => {
  const computed = measured({ purity: 1 }, 2);
  const asked = measured({ purity: 1 }, 3);

  asked.run.commit({ subject, sample: demoSample("a", { truth: 0 }), answer: demoAnswer, score: { exact: 1 } });

  expect([hasAnswers(computed), hasAnswers(asked)]).toEqual([false, true]);
});
