// Exercises: src/cli/commands/model/apply.ts src/cli/commands/model/edit-requests.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadPatch } from "#methods/editing";
import { deskDouble } from "../../desk-double.ts";
import { runCommandLine } from "../../main.ts";

const home = mkdtempSync(join(tmpdir(), "assay-edit-"));
afterAll(() => rmSync(home, { recursive: true }));
const model = join(import.meta.dirname, "../../../../miniatures/atlas");
const at = (name: string): string => join(home, name);

/** Runs `assay model …` and returns what came of it. */
async function assay(...args: string[]) {
  const desk = deskDouble();
  const code = await runCommandLine(["model", ...args], desk);
  return { code, printed: desk.printed.join("\n"), told: desk.told.join("\n") };
}

const japan = ["--subject", "Japan", "--prompt", "The currency of {} is the ___ →", "--target", "Euro"];

test("assay model edit writes many facts of a file as one patch, and counts what it leaves out", async () => {
  const rows = [
    { id: 7, subject: "Japan", prompt: "The currency of {} is the ___ →", target: "Euro" },
    { subject: "Peru", prompt: "Nothing of the kind", target: "Euro" },
  ];
  writeFileSync(at("facts.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));

  const { code, printed, told } = await assay(
    ...["edit", model, "--method", "memit", "--requests", at("facts.jsonl"), "--layers", "1", "--steps", "10"],
    ...["--leave-out", "-o", at("many.safetensors")],
  );

  expect([code, told]).toEqual([0, expect.stringContaining("C = I")]);
  expect(printed).toContain("left out, subject missing: 1");
  expect(loadPatch(at("many.safetensors")).certificate.requests.map(({ id }) => id)).toEqual(["7"]);
}, 60_000);

test("assay model apply and revert say what is on a folder, and end with the weights from before", async () => {
  const one = ["edit", model, ...japan, "--method", "r-rome", "--steps", "10", "-o", at("one.safetensors")];
  expect(await assay(...one)).toMatchObject({ code: 0 });

  const applied = await assay("apply", model, at("one.safetensors"), "-o", at("edited"));
  const again = await assay("apply", at("edited"), at("one.safetensors"), "-o", at("twice"));
  const unknown = await assay("revert", at("edited"), "--patch", "ffff", "-o", at("never"));
  const reverted = await assay("revert", at("edited"), "-o", at("back"));

  expect(applied.printed).toMatch(/patches on .*edited: [0-9a-f]{16} \(r-rome\)/);
  expect([again.code, again.told]).toEqual([1, expect.stringContaining("Expected a patch that is not on it")]);
  expect(unknown.told).toContain("Expected one of its patches");
  expect(reverted.printed).toContain("back: none");
  const weights = (folder: string) => readFileSync(join(folder, "model.safetensors"));
  expect(weights(at("back"))).toEqual(weights(model));
}, 60_000);

test.each([
  ["Expected one of rome, r-rome, memit, ft-l", ["--method", "romme", ...japan]],
  ["Expected --subject, --prompt and --target", ["--method", "rome", "--subject", "Japan"]],
  ["cannot be edited (subject missing: 1)", ["--method", "rome", ...japan, "--prompt", "Nothing"]],
  ["cannot be edited (target unchanged: 1)", ["--method", "rome", ...japan, "--old", "Euro"]],
  ['got "xx"', ["--method", "rome", ...japan, "--language", "xx"]],
  ["Expected a layer from 0 to 3, got 9", ["--method", "rome", ...japan, "--layers", "9"]],
  ["Expected one layer for rome, got 1, 2", ["--method", "rome", ...japan, "--layers", "1,2"]],
  ["Expected one layer for ft-l, got 1, 2", ["--method", "ft-l", ...japan, "--layers", "1,2"]],
  ["each once, got 1, 1", ["--method", "memit", ...japan, "--layers", "1,1"]],
  [
    "got a streamed model; allow 0.1GB, its size in float32, with --memory 0.1GB",
    ["--method", "rome", ...japan, "--memory", "1MB"],
  ],
  ["merge it into a folder of its own first", ["--method", "rome", ...japan, "--adapter", "./adapter"]],
])("assay model edit says %s", async (message, args) => {
  const { code, told } = await assay("edit", model, ...args, "-o", at("never.safetensors"));

  expect(code).not.toBe(0);
  expect(told).toContain(message);
});

test.each(["memit", "ft-l"])(
  "assay model edit --method %s --leave-out refuses where nothing is left",
  async (method) => {
    const file = at("none-left.jsonl");
    writeFileSync(file, '{"subject":"Peru","prompt":"Nothing of the kind","target":"Euro"}\n');

    const { code, told } = await assay(
      ...["edit", model, "--method", method, "--requests", file, "--leave-out", "-o", at("never.safetensors")],
    );

    expect([code, told]).toEqual([1, expect.stringContaining("got 1 of 1 that cannot be edited (subject missing: 1)")]);
  },
);

test("assay model edit says before it edits that a folder is in the way of the patch", async () => {
  const { code, told } = await assay("edit", model, "--method", "rome", ...japan, "-o", home);

  expect([code, told]).toEqual([2, expect.stringContaining("Expected a file to write, got the folder")]);
  expect(told).not.toContain("C = I");
});

test("assay model edit names the row of a file that is no request", async () => {
  writeFileSync(at("wrong.jsonl"), '{"subject":"Japan","prompt":"{} is","target":"Euro"}\n{"subject":"Peru"}\n');

  const { code, told } = await assay(
    ...["edit", model, "--method", "memit", "--requests", at("wrong.jsonl"), "-o", at("never.safetensors")],
  );

  expect([code, told]).toEqual([2, expect.stringContaining("row 2 of")]);
});
