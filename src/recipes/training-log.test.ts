import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { learningRateOf } from "./learning-rate.ts";
import { aim, type MiniatureEvent } from "./miniature.ts";
import { readLog, TrainingLog } from "./training-log.ts";
import { pageOf, trainingLogger } from "./training-logger.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-recipe-log-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const entries = () => readLog(join(folder, "training.jsonl"));
const step = (at: number, loss: number): MiniatureEvent => ({
  type: "step-end",
  step: at,
  steps: 100,
  loss,
  gradientNorm: 1,
  learningRate: 0.001,
  durationMs: 1000,
  secondsLeft: null,
});

test("TrainingLog goes on with what was written up to a step, and begins anew at step 0", () => {
  const log = new TrainingLog(folder);
  for (const at of [0, 50, 100]) log.add({ type: "step", step: at });
  log.add({ type: "result" });

  const resumed = new TrainingLog(folder);
  resumed.resumeAt(50);
  resumed.add({ type: "resume" });

  expect(entries()).toEqual([{ type: "step", step: 0 }, { type: "step", step: 50 }, { type: "resume" }]);
  const anew = new TrainingLog(folder);
  anew.resumeAt(0);
  expect(anew.entries).toEqual([]);
});

test("trainingLogger() writes how it began, the mean loss of every fifty steps, and what was measured", async () => {
  const heard: string[] = [];
  const logger = trainingLogger(folder, { miniature: "mini:x", seed: 0, steps: 100, parameters: 7 });
  await logger.before(async () => ({ accuracy: 0 }));
  const hear = logger.listen(({ type }) => heard.push(type));

  hear({ type: "training-start", step: 0, steps: 100, resumedFrom: null });
  for (let at = 1; at <= 50; at++) hear(step(at, at <= 25 ? 1 : 3));
  hear({ type: "evaluation-end", step: 50, metrics: { accuracy: 0.5 } });
  const aims = [aim("accuracy", 0.97, { direction: "at least", target: 0.95 })];
  logger.after({ status: "finished", folder, aims, measured: { accuracy: 0.97 } });

  expect(heard.length).toBe(52);
  expect(entries()).toMatchObject([
    { type: "start", miniature: "mini:x" },
    { type: "before", accuracy: 0 },
    { type: "step", step: 50, loss: 2, seconds: 50 },
    { type: "evaluation", step: 50, accuracy: 0.5 },
    { type: "result", aims: [{ met: true }] },
  ]);
  expect(readFileSync(join(folder, "README.md"), "utf8")).toContain("| accuracy | at least 0.95 | 0.97 | met |");
});

test("pageOf() says that an aim was missed", () => {
  const aims = [aim("bits", 2, { direction: "below", target: 1.5 })];

  const page = pageOf({ about: { miniature: "mini:x" }, entries: [], aims, measured: {} });

  expect(page).toContain("| bits | below 1.5 | 2 | missed |");
});

test("learningRateOf() rises, then falls to the last rate at the last step, however short the training", () => {
  const settings = { learningRate: 1, lastRate: 0.1, warmUp: 100 };

  const [long, short] = [learningRateOf(settings, 1000), learningRateOf(settings, 8)];

  expect([long(49), long(99), long(1000)]).toEqual([0.5, 1, 0.1]);
  expect([short(0), short(1), short(8)].map((rate) => Number(rate.toFixed(6)))).toEqual([0.5, 1, 0.1]);
});
