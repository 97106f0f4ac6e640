// Exercises: src/recipes/atlas.ts src/recipes/code.ts src/recipes/train-llama.ts
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stream } from "#base";
import { findMiniature, miniatures } from "./registry.ts";
import { readLog } from "./training-log.ts";

const home = mkdtempSync(join(tmpdir(), "assay-recipes-"));
afterAll(() => rmSync(home, { recursive: true }));
const at = (name: string): string => join(home, name);

test("mini:atlas, stopped and started again, ends with the weights of one that was not, and its log is whole", async () => {
  const atlas = findMiniature("mini:atlas");
  const small = { limit: 16, steps: 4 };
  const stop = new AbortController();

  const whole = await atlas.train({ ...small, output: at("whole"), checkpoints: at("whole-steps") });
  const first = await atlas.train({
    ...small,
    output: at("parts"),
    checkpoints: at("parts-steps"),
    signal: stop.signal,
    onEvent: (event) => event.type === "step-end" && event.step === 2 && stop.abort(),
  });
  const second = await atlas.train({ ...small, output: at("parts"), checkpoints: at("parts-steps") });

  expect([whole.status, first.status, second.status]).toEqual(["finished", "stopped", "finished"]);
  const weights = (name: string) => readFileSync(at(`${name}/model.safetensors`));
  expect(weights("parts").equals(weights("whole"))).toBe(true);
  const types = readLog(at("parts/training.jsonl")).map(({ type }) => type);
  expect(types).toEqual(["start", "before", "resume", "step", "evaluation", "result"]);
  expect(whole.aims.map(({ met }) => met)).toEqual([false, false]);
  expect(Object.keys(whole.measured)).toEqual(["known", "heldOutWordings", "shuffledAnswers"]);
}, 120_000);

test("mini:code learns from a project's dependencies, and says which contents it saw", async () => {
  const folder = at("project/node_modules/words");
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < 60; file++) {
    const random = stream(0, `test/${file}`);
    const lines = Array.from({ length: 60 }, () => `export const name${random.int(999)} = call(${random.int(1e6)});\n`);
    writeFileSync(join(folder, `${file}.js`), lines.join(""));
  }
  const lock = { packages: { "": {}, "node_modules/words": { version: "1.0.0", license: "MIT" } } };
  writeFileSync(at("project/package-lock.json"), JSON.stringify(lock));

  const { aims, measured } = await findMiniature("code").train({
    output: at("code"),
    checkpoints: at("code-steps"),
    project: at("project"),
    steps: 3,
  });

  const { seen, heldOut } = JSON.parse(readFileSync(at("code/groups.json"), "utf8"));
  expect(seen.length + heldOut.length).toBe(60);
  expect(measured).toMatchObject({ heldOut: { texts: heldOut.length, bitsPerCharacter: expect.any(Number) } });
  expect(aims.length).toBe(7);
  const [before, after] = ["before", "evaluation"].map(
    (type) => readLog(at("code/training.jsonl")).find((entry) => entry.type === type)!.bitsPerCharacter,
  );
  expect(Number(after)).toBeLessThan(Number(before));
}, 120_000);

test("findMiniature() names the nearest recipe to one that nobody knows", () => {
  expect(Object.keys(miniatures)).toEqual(["mini:atlas", "mini:code", "mini:encyclopedia", "mini:scout", "mini:vit"]);
  expect(() => findMiniature("mini:atlass")).toThrow('did you mean "mini:atlas"');
});
