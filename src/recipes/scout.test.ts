// Exercises: src/recipes/scout.ts src/recipes/train-scout.ts src/recipes/scout-loss.ts src/recipes/scout-measures.ts
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { captionOf, sampleScenes, sceneAttributeSizes, sceneAttributes } from "#corpora";
import { loadDualEncoder, readThreshold } from "#models";
import { scout } from "./scout.ts";
import { readLog } from "./training-log.ts";

const home = mkdtempSync(join(tmpdir(), "assay-scout-"));
afterAll(() => rmSync(home, { recursive: true }));

test("sceneAttributes() tells scenes apart that have different captions, each number below its size", () => {
  const scenes = sampleScenes({ count: 300, seed: 5, split: "train" });

  const found = scenes.map(sceneAttributes);

  expect(new Set(found.map(String)).size).toBe(new Set(scenes.map(captionOf)).size);
  for (const numbers of found) {
    expect(numbers.length).toBe(sceneAttributeSizes.length);
    expect(numbers.every((number, at) => number >= 0 && number < sceneAttributeSizes[at]!)).toBe(true);
  }
});

test("mini:scout, trained for a few steps, is a CLIP folder with a threshold and a log", async () => {
  const output = join(home, "scout");

  const { status, aims } = await scout.train({
    output,
    checkpoints: join(home, "steps"),
    steps: 3,
    limit: 70,
    threads: 1,
  });

  const model = await loadDualEncoder(output);
  const [pictures, texts] = [
    await model.embedPictures([{ data: new Uint8Array(128 * 128 * 3).fill(90), width: 128, height: 128 }]),
    await model.embedTexts(["One red star.", "Two small striped blue hearts above one large green cross."]),
  ];
  expect(status).toBe("finished");
  expect(model.warnings).toEqual([]);
  expect([pictures.shape, texts.shape]).toEqual([
    [1, 64],
    [2, 64],
  ]);
  for (const { data } of [pictures, texts]) expect(Math.hypot(...data.slice(0, 64))).toBeCloseTo(1, 5);
  expect(readThreshold(output)).toBeGreaterThan(-1);
  expect(aims.map(({ met }) => met)).toEqual([false]);
  const log = readLog(join(output, "training.jsonl"));
  expect(log.map(({ type }) => type)).toEqual(["start", "before", "step", "evaluation", "result"]);
  expect(JSON.parse(readFileSync(join(output, "config.json"), "utf8"))).toMatchObject({ model_type: "clip" });
}, 120_000);
