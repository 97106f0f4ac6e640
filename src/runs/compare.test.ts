import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compareRuns, type Side } from "./compare.ts";
import { createRun } from "./ledger.ts";
import { Store } from "./store/store.ts";

const store = new Store(mkdtempSync(join(tmpdir(), "assay-compare-")));

/** A run of one subject whose score on sample `at` is `score(at)`; undefined leaves the sample out. */
function side(subject: string, count: number, score: (at: number) => number | undefined): Side {
  const subjects = [{ name: subject, kind: "control", identity: subject }];
  const run = createRun(store, {
    ...{ study: "demo", settings: {}, preset: "tiny", seed: 0, limit: null, data: "none", code: "0", subjects },
  });
  for (let at = 0; at < count; at++) {
    const exact = score(at);
    if (exact === undefined) continue;
    const sample = { id: `${at}`, group: "g", repeat: 0, truth: 0, question: { parts: [], sampling: {} } };
    const answer = { text: "x", finishReason: "stop", latencyMs: 0, raw: null } as const;
    run.commit({ subject, sample, answer, score: { exact, skipped: null } });
  }
  return { run, subject };
}

test("compareRuns() pairs samples by id and sees a difference that is there", () => {
  const weak = side("weak", 200, (at) => Number(at % 4 === 0));
  const strong = side("strong", 200, (at) => Number(at % 4 !== 3));

  const rows = compareRuns(weak, strong);

  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ metric: "exact", n: 200, first: 0.25, second: 0.75, difference: 0.5 });
  expect(rows[0]).toMatchObject({ decision: "second is higher", method: "McNemar mid-p" });
  expect(rows[0]!.interval.low).toBeGreaterThan(0.4);
});

test("compareRuns() leaves a small difference undecided and says how many samples are lacking", () => {
  const first = side("a", 40, (at) => Number(at < 20));
  const second = side("b", 40, (at) => Number(at >= 1 && at < 23));

  const [row] = compareRuns(first, second);

  expect(row?.decision).toBe("undecided");
  expect(row?.moreNeeded).toBeGreaterThan(100);
});

test("compareRuns() uses only samples that both answered, and sign flips for fractions", () => {
  const first = side("c", 30, (at) => (at % 3 === 0 ? undefined : 0.5));
  const second = side("d", 30, (at) => (at % 2 === 0 ? undefined : 0.75));

  const [row] = compareRuns(first, second);

  expect(row).toMatchObject({ n: 10, first: 0.5, second: 0.75 });
  expect(row?.method).toContain("sign flip");
});

test("compareRuns() says so when two runs have no sample in common", () => {
  const first = side("e", 4, (at) => (at < 2 ? 1 : undefined));
  const second = side("f", 4, (at) => (at < 2 ? undefined : 1));

  expect(() => compareRuns(first, second)).toThrow(/share none; run both with the same settings and seed/);
});
