import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { deskDouble } from "../../desk-double.ts";
import { documents } from "../../documents/index.ts";
import { runCommandLine } from "../../main.ts";
import { createTrainingLine, describeStep } from "./training-line.ts";

const home = mkdtempSync(join(tmpdir(), "assay-train-"));
afterAll(() => rmSync(home, { recursive: true }));

/** Runs `assay model train …` and returns what came of it. */
async function assay(...args: string[]) {
  const desk = deskDouble();
  const code = await runCommandLine(["model", "train", ...args], desk);
  return { code, printed: desk.printed.join("\n"), told: desk.told.join("\n") };
}

const step = {
  ...({ type: "step-end", step: 120, steps: 3200, loss: 1.23456, gradientNorm: 1, learningRate: 0.001 } as const),
  durationMs: 10,
  secondsLeft: 843,
};

test("assay model train makes a miniature, whose aims it prints as a document and for people", async () => {
  const few = ["--limit", "16", "--steps", "1", "--checkpoints", join(home, "steps"), "-o", join(home, "atlas")];

  const first = await assay("mini:atlas", ...few, "--json");
  const again = await assay("mini:atlas", ...few);

  const { schema, ...document } = JSON.parse(first.printed);
  expect([first.code, again.code, schema]).toEqual([0, 0, "assay/1"]);
  expect(documents["model train"].parse(document)).toEqual(document);
  expect(first.told).toContain("making the tokenizer");
  expect(again.told).toContain("going on from step 1/1");
  expect(again.printed).toMatch(/in the worst language +0\.0000 +at least 0\.95 +missed/);
}, 60_000);

test("assay model train names the nearest miniature to one that nobody knows", async () => {
  const { code, told } = await assay("mini:atlass", "-o", home);

  expect(code).toBe(2);
  expect(told).toContain('did you mean "mini:atlas"');
});

test("describeStep() tells how far it is, the loss and the time left", () => {
  expect(describeStep(step)).toBe("step 120/3200  3 %  loss 1.2346  14m 3s left");
  expect(describeStep({ ...step, secondsLeft: null })).toBe("step 120/3200  3 %  loss 1.2346");
});

test("createTrainingLine() writes steps seldom where there is no terminal, and every measurement", () => {
  const desk = deskDouble();
  let time = 0;
  const line = createTrainingLine(desk, { now: () => time });

  for (; time <= 20_000; time += 1000) line.event(step);
  line.event({ type: "evaluation-end", step: 400, metrics: { accuracy: 0.3166 } });
  line.event({ type: "checkpoint-end", step: 400, path: "x" });
  line.end();

  expect(desk.told).toEqual([describeStep(step), describeStep(step), "after step 400  accuracy 0.3166"]);
});
