import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { deskDouble } from "../../desk-double.ts";
import { documents } from "../../documents/index.ts";
import { runCommandLine } from "../../main.ts";
import { loraSettings } from "./finetune.ts";

const home = mkdtempSync(join(tmpdir(), "assay-finetune-cli-"));
afterAll(() => rmSync(home, { recursive: true }));
const llama = join(import.meta.dirname, "../../../../test/golden/models/llama");
const data = join(home, "data.jsonl");
writeFileSync(
  data,
  ["cab", "bad", "face"].map((word) => `${JSON.stringify({ prompt: "a ", completion: word })}\n`).join(""),
);

/** Runs `assay model …` and returns what came of it. */
async function assay(...args: string[]) {
  const desk = deskDouble();
  const code = await runCommandLine(["model", ...args], desk);
  return { code, printed: desk.printed.join("\n"), told: desk.told.join("\n") };
}

test("assay model train --data --lora writes an adapter that generate puts on the model", async () => {
  const output = join(home, "adapter");
  const few = ["--steps", "20", "--learning-rate", "0.05", "--checkpoints", join(home, "a"), "--held-out", data];
  const generated = ["generate", llama, "--prompt", "a ", "--max-tokens", "4", "--json"];

  const trained = await assay(
    "train",
    llama,
    "--data",
    data,
    "--lora",
    "rank=4,alpha=8",
    "-o",
    output,
    ...few,
    "--json",
  );
  const plain = await assay(...generated);
  const taught = await assay(...generated, "--adapter", output);
  const none = await assay(...generated, "--adapter", `${output}=0`);

  const { schema: _, ...document } = JSON.parse(trained.printed);
  expect(trained.code).toBe(0);
  expect(documents["model train"].parse(document)).toEqual(document);
  expect(document.trained).toBe(2 * 4 * (16 + 16 + 16 + 8));
  expect(document.heldOut.after.loss).toBeLessThan(document.heldOut.before.loss);
  expect(JSON.parse(taught.printed).ids).not.toEqual(JSON.parse(plain.printed).ids);
  expect(JSON.parse(none.printed).ids).toEqual(JSON.parse(plain.printed).ids);
}, 60_000);

test("assay model train --data without --lora writes the whole model, and says how it was interrupted", async () => {
  const output = join(home, "model");
  const few = ["--steps", "3", "--checkpoints", join(home, "w"), "--batch-size", "1", "--accumulate", "2"];

  const first = await assay("train", llama, "--data", data, "-o", output, ...few);
  const scored = await assay("score", output, "--prompt", "a ", "--continuation", "face");
  const again = await assay("train", llama, "--data", data, "-o", join(home, "again"), ...few);

  expect(first.printed).toMatch(/numbers trained, written to .*model/);
  expect([first.code, scored.code, again.code]).toEqual([0, 0, 0]);
  expect(again.told).toContain("going on from step 3/3");
}, 60_000);

test("assay model train --data refuses a folder with files in it before it trains", async () => {
  const { code, told } = await assay("train", llama, "--data", data, "-o", home);

  expect([code, told]).toEqual([2, expect.stringContaining("train: Expected a new or empty folder")]);
});

test("loraSettings() reads every setting and refuses others", () => {
  const all = loraSettings("rank=8,alpha=16,targets=attention.query+mlp.down,dropout=0.1,stable");

  expect(all).toEqual({
    rank: 8,
    alpha: 16,
    targets: ["attention.query", "mlp.down"],
    dropout: 0.1,
    isRankStabilized: true,
  });
  expect(loraSettings("rank=4")).toEqual({ rank: 4 });
  for (const text of ["", "alpha=3", "rank=x", "rank=4,size=3"])
    expect(() => loraSettings(text)).toThrow(/--lora rank=8/);
});
