import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { createRun, listRuns, openRun, summaryOf, takeUpRun } from "./ledger.ts";
import { demoManifest, scratchHome } from "./run-double.ts";
import { Store } from "./store/store.ts";

const openStore = (): Store => new Store(scratchHome());

/** Makes a run look as if another process were on it. */
function givenTo(store: Store, id: string, process: number): void {
  store.write("UPDATE runs SET process = ? WHERE id = ?", process, id);
}

const deadProcess = (): number => spawnSync(process.execPath, ["--version"]).pid;

test("summaryOf() calls a run interrupted when its process is gone without a word", () => {
  const store = openStore();
  const { id } = createRun(store, demoManifest());

  givenTo(store, id, process.ppid);
  const busy = summaryOf(store, id).status;
  givenTo(store, id, deadProcess());

  expect([busy, summaryOf(store, id).status]).toEqual(["running", "interrupted"]);
  expect(summaryOf(store, id)).toMatchObject({ study: "demo", subjects: ["baseline:oracle"], resultHash: null });
});

test("takeUpRun() leaves a run alone that another process works on, unless it is forced", () => {
  const store = openStore();
  const { id } = createRun(store, demoManifest());
  givenTo(store, id, process.ppid);

  expect(() => takeUpRun(store, id)).toThrow(expect.objectContaining({ code: "RUN_BUSY" }));
  expect(takeUpRun(store, id, { force: true }).id).toBe(id);
});

test("takeUpRun() says that a finished run is finished", () => {
  const store = openStore();
  const run = createRun(store, demoManifest());
  run.finish([]);

  expect(() => takeUpRun(store, run.id)).toThrow(`assay show ${run.id}`);
});

test("takeUpRun() says why a run was refused, and takes up one that failed", () => {
  const store = openStore();
  const [refused, failed] = [createRun(store, demoManifest()), createRun(store, demoManifest({ study: "other" }))];
  refused.halt("refused", "Expected a layer from 0 to 3, got 99");
  failed.halt("failed", "no space");

  expect(() => takeUpRun(store, refused.id, { force: true })).toThrow(/refused: "Expected a layer.*start a new run/);
  expect(takeUpRun(store, failed.id).id).toBe(failed.id);
});

test("openRun() knows a run by its id, by a beginning that no other has, and as the latest", () => {
  const store = openStore();
  const first = createRun(store, demoManifest());
  store.write("UPDATE runs SET created_at = '2020-01-01T00:00:00.000Z' WHERE id = ?", first.id);
  const second = createRun(store, demoManifest({ study: "other" }));

  expect([first.id, "demo", "other-", "latest"].map((id) => openRun(store, id).id)).toEqual([
    first.id,
    first.id,
    second.id,
    second.id,
  ]);
  expect(listRuns(store).map(({ id }) => id)).toEqual([second.id, first.id]);
});

test("openRun() says which runs a beginning fits, and suggests the nearest to one that fits none", () => {
  const store = openStore();
  const { id } = createRun(store, demoManifest());
  createRun(store, demoManifest());

  expect(() => openRun(store, "demo-")).toThrow(expect.objectContaining({ code: "RUN_AMBIGUOUS" }));
  expect(() => openRun(store, `${id.slice(0, -1)}x`)).toThrow(`did you mean "${id}"`);
  expect(() => openRun(openStore(), "demo")).toThrow("there are none yet");
});
