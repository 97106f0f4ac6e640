import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createRun, listRuns, takeUpRun } from "./ledger.ts";
import { demoAnswer, demoManifest, demoSample } from "./run-double.ts";
import { artefactPath } from "./store/artefacts.ts";
import { Store } from "./store/store.ts";

const manifest = demoManifest();
const sample = demoSample;
const answer = demoAnswer;

const folders: string[] = [];
function openStore(options = {}, folder = mkdtempSync(join(tmpdir(), "assay-"))): Store {
  folders.push(folder);
  return new Store(folder, options);
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test("step() computes once and gives the stored value back on resume", async () => {
  const store = openStore();
  let computed = 0;
  const compute = () => ({ count: ++computed });

  const first = await createRun(store, manifest).step("count", compute);
  const again = await takeUpRun(store, "demo").step("count", compute);

  expect([first, again, computed]).toEqual([{ count: 1 }, { count: 1 }, 1]);
});

test("steps() gives back all that steps stored, by their names", async () => {
  const run = createRun(openStore(), manifest);

  await run.step("second", () => [2]);
  await run.step("first", () => ({ one: 1 }));

  expect([...run.steps()]).toEqual([
    ["first", { one: 1 }],
    ["second", [2]],
  ]);
});

test("commit() refuses a second answer for the same (run, subject, sample, repeat)", () => {
  const run = createRun(openStore(), manifest);

  run.commit({ subject: "s", sample: sample("a"), answer, score: { right: 1 } });

  expect(run.has("s", "a", 0)).toBe(true);
  expect(() => run.commit({ subject: "s", sample: sample("a"), answer, score: { right: 0 } })).toThrow(/UNIQUE/);
  expect([...run.answers()]).toMatchObject([{ subject: "s", sample: "a", text: "yes", score: { right: 1 } }]);
  expect([...run.answers()]).toMatchObject([{ finishReason: "stop", latencyMs: 3, error: null, cached: false }]);
});

test("finish() gives the same hash whatever the order of commits, latencies and interruptions", () => {
  const hashes = [
    ["a", "b"],
    ["b", "a"],
  ].map((order, index) => {
    const store = openStore();
    const run = createRun(store, manifest);
    for (const id of order) {
      const told = { ...answer, latencyMs: index, raw: { index } };
      run.commit({ subject: "s", sample: sample(id), answer: told, score: { right: 1 } });
    }
    run.record({ subject: "s", setting: { n: 2 }, metric: "exact", value: 100, n: 2 });
    return (index === 0 ? run : takeUpRun(store, run.id)).finish([]);
  });

  expect(hashes[0]).toBe(hashes[1]);
});

test("createRun() numbers repetitions of the same identity", () => {
  const store = openStore();

  const ids = [createRun(store, manifest), createRun(store, manifest)].map((run) => run.id);

  expect(ids[1]).toBe(`${ids[0]}-2`);
  expect(listRuns(store)).toHaveLength(2);
});

test("getArtefact() notices that a file no longer has the content of its name", () => {
  const run = createRun(openStore(), manifest);
  const hash = run.putArtefact(new Uint8Array([1, 2, 3]));
  expect([...run.getArtefact(hash)]).toEqual([1, 2, 3]);

  writeFileSync(artefactPath(run.store.folder, hash), "tampered");

  expect(() => run.getArtefact(hash)).toThrow(/no longer has the content/);
});
