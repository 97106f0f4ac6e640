import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createLora, mergeAdapters, saveAdapter } from "#methods/adapters";
import { valueVector } from "#methods/value-vectors";
import { loadModel } from "#models";
import { deskDouble } from "../../desk-double.ts";
import { documents } from "../../documents/index.ts";
import { runCommandLine } from "../../main.ts";

const home = mkdtempSync(join(tmpdir(), "assay-unlearn-"));
afterAll(() => rmSync(home, { recursive: true }));
const fixture = `${import.meta.dirname}/../../../../test/golden/models/llama`;
const text = join(home, "text.txt");
writeFileSync(text, "One is here. Two is there. Three is nowhere. ".repeat(40));

/** Runs `assay model unlearn …` and returns what came of it. */
async function assay(...args: string[]) {
  const desk = deskDouble();
  const code = await runCommandLine(["model", "unlearn", fixture, ...args], desk);
  return { code, printed: desk.printed.join("\n"), told: desk.told.join("\n") };
}

test("assay model unlearn trains a changed copy and prints what it did as a document", async () => {
  const output = join(home, "npo");

  const { code, printed, told } = await assay(
    ...["--method", "npo", "--forget", text, "-o", output, "--epochs", "2", "--json"],
  );

  expect([code, told]).toEqual([0, expect.stringContaining("whatever the loss")]);
  const { schema: _, ...document } = JSON.parse(printed);
  expect(documents["model unlearn"].parse(document)).toEqual(document);
  expect(document.steps).toBeGreaterThan(0);
  using changed = await loadModel(output);
  expect(changed.config.layers).toBe(2);
}, 60_000);

test("assay model unlearn --method needle breaks one value vector", async () => {
  const output = join(home, "needle");

  const { code, printed } = await assay(
    ...["--method", "needle", "--layer", "1", "--column", "3", "--sigma", "0.5", "-o", output],
  );

  expect([code, printed]).toEqual([0, expect.stringContaining("value vector 1/3 changed")]);
  using before = await loadModel(fixture);
  using after = await loadModel(output);
  const [same, other] = [
    { layer: 1, column: 4 },
    { layer: 1, column: 3 },
  ];
  expect(valueVector(after, same)).toEqual(valueVector(before, same));
  expect(valueVector(after, other)).not.toEqual(valueVector(before, other));
});

test("assay model unlearn merges an adapter into the weights that it changes and writes", async () => {
  const [adapter, output] = [join(home, "adapter"), join(home, "merged")];
  using base = await loadModel(fixture);
  const made = createLora(base, { rank: 2, targets: ["mlp.down"] });
  for (const { up } of Object.values(made.matrices)) up.data.fill(0.5);
  saveAdapter(base, made, adapter);

  const { code } = await assay(
    ...["--method", "needle", "--layer", "1", "--column", "3", "--adapter", adapter, "-o", output],
  );

  const merged = await mergeAdapters(base, [{ adapter: made }]);
  using after = await loadModel(output);
  const other = { layer: 1, column: 4 };
  expect(code).toBe(0);
  expect(valueVector(after, other)).toEqual(valueVector(merged, other));
  expect(valueVector(after, other)).not.toEqual(valueVector(base, other));
});

test("assay model unlearn writes nothing when it is stopped in the middle, and ends with 130", async () => {
  const output = join(home, "stopped");
  const told: string[] = [];
  const tell = (line: string): void => {
    told.push(line);
    if (line.startsWith("step ")) process.emit("SIGINT");
  };

  const args = ["--method", "npo", "--forget", text, "-o", output, "--epochs", "20"];
  const code = await runCommandLine(["model", "unlearn", fixture, ...args], deskDouble({ tell }));

  expect(code).toBe(130);
  expect(told.join("\n")).toMatch(/got a stop after \d+; nothing was kept/);
  expect(existsSync(output)).toBe(false);
}, 60_000);

test("assay model unlearn refuses a folder with files in it before it trains", async () => {
  const { code, told } = await assay("--method", "npo", "--forget", text, "-o", home);

  expect(code).toBe(2);
  expect(told).toContain("with files in it; choose another");
  expect(told).not.toContain("step");
  expect((await assay("--method", "npo", "--forget", text, "-o", text)).told).toContain("got the file");
});

test.each([
  ["Expected one of needle", ["--method", "npo_KL"]],
  ["Expected --layer and --column", ["--method", "needle"]],
  ["Expected --forget FILE", ["--method", "npo"]],
  ['got "Neddle"', ["--method", "npo", "--forget", text, "--scope", "Neddle"]],
  ["Expected texts to keep", ["--method", "grad-diff", "--forget", text]],
])("assay model unlearn says %s", async (message, args) => {
  const { code, told } = await assay(...args, "-o", join(home, "never"));

  expect(code).not.toBe(0);
  expect(told).toContain(message);
});
