import { expect, test } from "vitest";
import type { MeasuredRecord, Verdict } from "#base";
import { groupCounts } from "./counts.ts";
import { createRun } from "./ledger.ts";
import { resultHash } from "./result-hash.ts";
import type { ScoredAnswer } from "./run.ts";
import { demoAnswer, demoManifest, demoSample, scratchHome } from "./run-double.ts";
import { Store } from "./store/store.ts";

interface Found {
  readonly step: number;
  readonly scored: ScoredAnswer;
  readonly record: MeasuredRecord;
  readonly verdict: Verdict;
}

const found: Found = {
  step: 1,
  scored: { subject: "s", sample: demoSample("a"), answer: demoAnswer, score: { right: 1 } },
  record: { subject: "s", setting: { n: 2 }, metric: "exact", value: 100, n: 2 },
  verdict: { claim: "c", status: "holds", evidence: "so" },
};

async function hashOfRun(over: Partial<Found> = {}): Promise<string> {
  const { step, scored, record, verdict } = { ...found, ...over };
  const store = new Store(scratchHome());
  const run = createRun(store, demoManifest());
  await run.step("count", () => step);
  run.commit(scored);
  run.record(record);
  const hash = run.finish([verdict]);
  expect(resultHash(store, run.id)).toBe(hash);
  return hash;
}

const scored = (over: Partial<ScoredAnswer>) => ({ scored: { ...found.scored, ...over } });

test("resultHash() changes with every step, answer, score, truth, record and verdict", async () => {
  const variants: Partial<Found>[] = [
    {},
    { step: 2 },
    scored({ answer: { ...demoAnswer, text: "no" } }),
    scored({ answer: { ...demoAnswer, text: null } }),
    scored({ score: { right: 0 } }),
    scored({ sample: demoSample("a", { truth: 2 }) }),
    scored({ sample: demoSample("a", { repeat: 1 }) }),
    { record: { ...found.record, value: 99 } },
    { verdict: { ...found.verdict, status: "fails" } },
  ];

  const hashes = await Promise.all(variants.map(hashOfRun));

  expect(new Set(hashes).size).toBe(variants.length);
});

test("resultHash() knows no latency, token count, raw response or cache", async () => {
  const told = { ...demoAnswer, latencyMs: 99, usage: { inputTokens: 7, outputTokens: 7 }, raw: { id: "x" } };

  expect(await hashOfRun(scored({ answer: told, cached: true }))).toBe(await hashOfRun());
});

test("groupCounts() counts answered samples by subject and group", () => {
  const run = createRun(new Store(scratchHome()), demoManifest());
  for (const [id, group] of [
    ["a", "x"],
    ["b", "x"],
    ["c", "y"],
  ] as const) {
    run.commit({ ...found.scored, sample: demoSample(id, { group }) });
  }

  expect(groupCounts(run)).toEqual([
    { subject: "s", group: "x", answered: 2 },
    { subject: "s", group: "y", answered: 1 },
  ]);
});

test("usage() counts what this run paid for, not what the cache gave", () => {
  const run = createRun(new Store(scratchHome()), demoManifest());
  const answer = { ...demoAnswer, usage: { inputTokens: 10, outputTokens: 2 } };
  for (const [id, cached] of [
    ["a", false],
    ["b", true],
    ["c", false],
  ] as const) {
    run.commit({ ...found.scored, sample: demoSample(id), answer, cached });
  }

  expect(run.usage()).toEqual([{ subject: "s", inputTokens: 20, outputTokens: 4 }]);
});
