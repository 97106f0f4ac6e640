import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { VerdictStatus } from "#base";
import { createRun, type Preset, Store } from "#runs";
import { deskAt } from "./desk-double.ts";
import { latestVerdicts, readLedger } from "./ledger.ts";

const home = mkdtempSync(join(tmpdir(), "assay-ledger-"));
const store = new Store(home);
let clock = 0;

interface Past {
  readonly subject: string;
  readonly status: VerdictStatus;
  readonly preset?: Preset;
  readonly isFinished?: boolean;
}

/** A run of the past; each is a day later than the one before. */
function past({ subject, status, preset = "mini", isFinished = true }: Past): string {
  const run = createRun(store, {
    study: "mmneedle",
    settings: {},
    preset,
    seed: clock,
    limit: null,
    data: "none",
    code: "0",
    subjects: [{ name: subject, kind: "api", identity: subject }],
  });
  if (isFinished) run.finish([{ claim: "gpt-4o-leads", subject, status, evidence: "so" }]);
  const created = new Date(Date.UTC(2026, 0, ++clock)).toISOString();
  store.write("UPDATE runs SET created_at = ? WHERE id = ?", created, run.id);
  return run.id;
}

test("latestVerdicts() lets the newest finished run speak for each subject and preset", () => {
  past({ subject: "a", status: "fails" });
  const newest = past({ subject: "a", status: "holds" });
  const other = past({ subject: "b", status: "undecided" });
  const paper = past({ subject: "a", status: "fails", preset: "paper" });
  past({ subject: "a", status: "fails", isFinished: false });

  const verdicts = latestVerdicts(store, "mmneedle");

  expect(verdicts.map(({ run, status, preset }) => [run, status, preset])).toEqual([
    [paper, "fails", "paper"],
    [other, "undecided", "mini"],
    [newest, "holds", "mini"],
  ]);
});

test("readLedger() lists every claim with its test, judged or not, and no function", async () => {
  const entries = await readLedger("mmneedle", deskAt(home));

  const judged = entries.filter(({ verdicts }) => verdicts.length > 0);
  expect(judged.map(({ id }) => id)).toEqual(["gpt-4o-leads"]);
  expect(entries.length).toBeGreaterThan(5);
  for (const entry of entries) expect(Object.keys(entry)).not.toContain("judge");
});
