import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deskDouble } from "../desk-double.ts";
import { addMetric } from "./metric.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-metric-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `assay metric` on a file with the given text and returns what it prints. */
async function metric(text: string, ...args: string[]): Promise<string> {
  const file = join(folder, "given.jsonl");
  writeFileSync(file, text);
  const desk = deskDouble();
  const program = new Command("assay").exitOverride();
  addMetric(program, desk);
  await program.parseAsync(["metric", args[0]!, file, ...args.slice(1)], { from: "user" });
  return desk.printed.join("\n");
}

const lines = '{"reference": "a b c d", "candidate": "a b c d"}\n{"reference": "a b c d", "candidate": "x"}\n';

test.each([
  ["chrf", [100, 0]],
  ["rouge-1", [100, 0]],
  ["edit-similarity", [100, 0]],
  ["exact-match", [1, 0]],
  ["bleu-nltk3", [1, 0]],
  ["rouge-l-py", [0.999999995, 0]],
])("assay metric %s --json prints signature, value, n and every pair's score", async (name, perSample) => {
  const printed = JSON.parse(await metric(lines, name, "--json"));

  expect(printed).toMatchObject({ schema: "assay/1", n: 2, perSample });
  expect(printed.signature).toContain("|assay:1");
  expect(printed.value).toBeGreaterThan(0);
});

test("assay metric prints its signature and one row for people", async () => {
  const printed = await metric(lines, "exact-match");

  expect(printed).toMatch(/^exact-match\|/);
  expect(printed).toMatch(/0\.5000 +0\.5000 +2/);
});

test("assay metric bm25 ranks documents", async () => {
  const text = JSON.stringify({ query: "add host", documents: ["addRouter", "addHost", "dump", "x", "y"] });

  const { scores, n, signature } = JSON.parse(await metric(text, "bm25", "--json"));
  const printed = await metric(text, "bm25");

  expect(n).toBe(5);
  expect(scores[1]).toBeGreaterThan(scores[0]);
  expect(signature).toBe("bm25|variant:okapi|k1:1.5|b:0.75|epsilon:0.25|ties:higher-index|assay:1|tokenizer:api-names");
  expect(printed.split("\n").find((line) => /^ *\d/.test(line))).toMatch(/^ *1 .*add host/);
});

test("assay metric api-recall reads code", async () => {
  const printed = await metric('{"reference": ["load", "fit"], "candidate": "m.load()"}', "api-recall", "--json");

  expect(JSON.parse(printed)).toMatchObject({ value: 0.5, perSample: [0.5] });
});

test("assay metric localization, pass-rate and comp-score read lines of their own", async () => {
  const line = '{"reference": ["a"], "candidate": ["b", "a"]}';

  expect(JSON.parse(await metric(line, "localization", "--json"))).toMatchObject({ value: 0.5, details: { mrr: 0.5 } });
  expect(await metric('{"outcome": "success"}', "pass-rate")).toContain('"ofFinished": 1');
  await expect(metric(lines, "comp-scor")).rejects.toThrow('did you mean "comp-score"?');
});

test("assay metric names the nearest metric, and the file and line that it cannot read", async () => {
  await expect(metric(lines, "rogue-1")).rejects.toThrow('did you mean "rouge-1"?');
  await expect(metric(`${lines}{}`, "bleu")).rejects.toThrow(/given\.jsonl:3: Expected "candidate"/);
});

const encoder = join(import.meta.dirname, "../../../test/golden/models/bert");

test("assay metric bertscore reads its encoder and settings", async () => {
  const baseline = join(folder, "baseline.tsv");
  writeFileSync(baseline, "LAYER,P,R,F\n2,0.5,0.5,0.5\n");

  const set = (...settings: string[]) => settings.flatMap((setting) => ["--set", setting]);
  const plain = JSON.parse(await metric(lines, "bertscore", "--json", ...set(`encoder=${encoder}`)));
  const scaled = JSON.parse(
    await metric(lines, "bertscore", "--json", ...set(`encoder=${encoder}`, "layer=2", `baseline=${baseline}`)),
  );

  expect(plain).toMatchObject({ n: 2, signature: "bertscore|encoder:bert|layer:3|idf:no|rescaled:no|scale:1|assay:1" });
  expect(plain.perSample[0]).toBeCloseTo(1, 6);
  expect(plain.details.precision).toBeGreaterThan(plain.details.recall);
  expect(scaled.signature).toContain("layer:2|idf:no|rescaled:yes");
  expect(scaled.perSample[0]).toBeCloseTo(1, 6);
});

test("assay metric refuses settings that a metric does not have", async () => {
  await expect(metric(lines, "bertscore", "--json")).rejects.toThrow(/add --set encoder=FOLDER/);
  await expect(metric(lines, "bertscore", "--set", "encode=x")).rejects.toThrow(/did you mean "encoder"/);
  await expect(metric(lines, "bertscore", "--set", `encoder=${encoder}`, "--set", "layer=x")).rejects.toThrow(
    /layer to be a whole number/,
  );
  await expect(metric(lines, "chrf", "--set", "order=3")).rejects.toThrow(/Expected no --set for chrf/);
});
