import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadModel } from "#models";
import { deskDouble } from "../../desk-double.ts";
import { documents } from "../../documents/index.ts";
import { runCommandLine } from "../../main.ts";

const home = mkdtempSync(join(tmpdir(), "assay-merge-"));
afterAll(() => rmSync(home, { recursive: true }));
const fixture = `${import.meta.dirname}/../../../../test/golden/models/llama`;
const path = join(home, "merge.yml");
writeFileSync(
  path,
  `merge_method: slerp\nbase_model: ${fixture}\nmodels:\n  - model: ${fixture}\n  - model: ${fixture}\nparameters: {t: 0.5}\n`,
);
const linear = join(home, "linear.yml");
writeFileSync(
  linear,
  `merge_method: linear\nmodels:\n  - model: ${fixture}\n    parameters: {weight: 1}\ntokenizer_source: base\n`,
);

async function assay(...args: string[]) {
  const desk = deskDouble();
  const code = await runCommandLine(["model", "merge", ...args], desk);
  return { code, printed: desk.printed.join("\n"), told: desk.told.join("\n") };
}

test("assay model merge writes a model and says what it is made of as a document", async () => {
  const output = join(home, "merged");

  const { code, printed } = await assay(linear, "-o", output, "--json");

  expect(code).toBe(0);
  const { schema: _, ...document } = JSON.parse(printed);
  expect(documents["model merge"].parse(document)).toEqual(document);
  expect(document).toMatchObject({ method: "linear", vocabulary: { tokens: 64, known: [64] } });
  using model = await loadModel(output);
  using same = await loadModel(fixture);
  expect(model.weights).toEqual(same.weights);
});

test("assay model merge says what is wrong with a merge, and writes nothing", async () => {
  const { code, told } = await assay(path, "-o", join(home, "none"));

  expect([code, told]).toEqual([1, expect.stringContaining("Expected a base and one other model for slerp")]);
});
