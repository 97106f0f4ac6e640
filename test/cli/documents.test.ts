// Exercises: src/cli/main.ts src/cli/start.ts src/cli/session.ts src/cli/result.ts src/cli/commands/schema.ts
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { renderSvg } from "#formats";
import { deskAt } from "../../src/cli/desk-double.ts";
import { type DocumentName, documentNames, documents, jsonSchemaOf } from "../../src/cli/documents/index.ts";
import { runCommandLine } from "../../src/cli/main.ts";

const home = mkdtempSync(join(tmpdir(), "assay-documents-"));
const file = (name: string): string => join(home, name);
const small = "--preset tiny --set pictures=1 --set side=2 --set needles=1 -m baseline:oracle -m baseline:random";

/** What a command prints, with its exit code. */
async function assay(line: string): Promise<{ code: number; printed: string; told: string }> {
  const desk = deskAt(home);
  const code = await runCommandLine(line.split(" "), desk);
  return { code, printed: desk.printed.join("\n"), told: desk.told.join("\n") };
}

const model = join(import.meta.dirname, "../golden/models/llama");

beforeAll(async () => {
  const square = await renderSvg(
    '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle r="6"/></svg>',
    32,
  );
  writeFileSync(file("square.png"), square);
  writeFileSync(file("answers.jsonl"), '{"needles":1,"truth":"1, 2, 1","response":"1, 2, 1"}\n');
  writeFileSync(file("texts.jsonl"), '{"reference":"a b","candidate":"a b"}\n');
  const source = `  - {model: ${model}, parameters: {weight: 1}}`;
  writeFileSync(file("merge.yml"), `merge_method: linear\nmodels:\n${source}\n`);
  expect(await assay(`run mmneedle ${small} --quiet`)).toMatchObject({ code: 0 });
});

const lines: Readonly<Record<Exclude<DocumentName, "tour">, string>> = {
  run: `run mmneedle ${small} --json`,
  resume: "",
  plan: `run mmneedle ${small} --dry-run --json`,
  runs: "runs --json",
  show: "show latest --json",
  compare: "compare latest latest --subject baseline:oracle --with baseline:random --json",
  report: `report latest -o ${file("report.html")} --json`,
  export: `export latest -o ${file("answers.csv")} --format csv --json`,
  score: `score mmneedle ${file("answers.jsonl")} --per-sample --json`,
  metric: `metric bleu ${file("texts.jsonl")} --json`,
  claims: "claims --json",
  studies: "studies --json",
  doctor: "doctor --json",
  "model inspect": `model inspect ${model} --json`,
  "model explain": `model explain mini:vit ${file("square.png")} --count 2 --json`,
  "model trace": `model trace ${model} --ids 1,2,3 --taps logits,blocks.0.residual --json`,
  "model score": `model score ${model} --prompt Hi --continuation ,there --json`,
  "model generate": `model generate ${model} --prompt Hi --max-tokens 5 --greedy --json`,
  "model export": `model export ${model} -o ${file("model.onnx")} --json`,
  "model train": "",
  "model edit":
    `model edit ${model} --method ft-l --layers 0 --learning-rate 0.01 --subject One --prompt {}-is --target there ` +
    `-o ${file("patch.safetensors")} --json`,
  "model apply": `model apply ${model} ${file("patch.safetensors")} -o ${file("edited")} --json`,
  "model revert": `model revert ${file("edited")} -o ${file("reverted")} --json`,
  "model unlearn": `model unlearn ${model} --method needle --layer 0 --column 1 -o ${file("unlearned")} --json`,
  "model merge": `model merge ${file("merge.yml")} -o ${file("merged")} --json`,
};

test.each(Object.entries(lines).filter(([, line]) => line !== ""))(
  "assay %s --json prints a versioned document of the shape that its schema says, and nothing else on stdout",
  async (name, line) => {
    const { code, printed } = await assay(line);

    const { schema, ...document } = JSON.parse(printed);
    expect(code).toBe(0);
    expect(schema).toBe("assay/1");
    // Parsing drops what a schema does not name: equal means that all of it is documented.
    expect(documents[name as DocumentName].parse(document)).toEqual(document);
  },
);

test("assay schema prints JSON Schema for every document", async () => {
  const all = JSON.parse((await assay("schema")).printed);
  const one = JSON.parse((await assay("schema compare")).printed);

  expect(Object.keys(all)).toEqual([...documentNames]);
  expect(one.$schema).toMatch(/json-schema/);
  expect(one).toEqual(jsonSchemaOf("compare"));
  expect(all.compare).toEqual(one);
});

test("assay score without --per-sample leaves the samples out, and lists several files", async () => {
  const answers = file("answers.jsonl");
  const alone = JSON.parse((await assay(`score mmneedle ${answers} --json`)).printed);
  const both = JSON.parse((await assay(`score mmneedle ${answers} ${answers} --json`)).printed);

  expect(alone).not.toHaveProperty("perSample");
  expect(both.files.map(({ file }: { file: string }) => file)).toEqual([answers, answers]);
});

test("every command says what it does and takes --json", async () => {
  for (const name of ["tour", ...Object.keys(lines), "schema"].filter((name) => name !== "plan")) {
    const { printed, code } = await assay(`${name} --help`);

    expect(code, name).toBe(0);
    expect(printed, name).toContain("--json");
  }
});

test("a person gets tables: runs, show, compare, claims, studies, doctor, export and report", async () => {
  const said = {
    runs: (await assay("runs")).printed,
    show: (await assay("show latest")).printed,
    compare: (await assay("compare latest latest --subject baseline:oracle --with baseline:random --metric exact"))
      .printed,
    claims: (await assay("claims mmneedle")).printed,
    studies: (await assay("studies")).printed,
    doctor: (await assay("doctor")).printed,
    report: (await assay(`report latest -o ${file("again.html")}`)).told,
    export: (await assay(`export latest -o ${file("records.jsonl")} --records`)).told,
  };

  expect(said.runs).toMatch(/mmneedle-[0-9a-f]{8} +finished +tiny/);
  expect(said.show).toMatch(/result [0-9a-f]{64}/);
  expect(said.compare).toMatch(/first is higher/);
  expect(said.claims).toMatch(/✓ holds for baseline:oracle.*\(tiny, mmneedle-/);
  expect(said.studies).toContain("Multimodal Needle in a Haystack");
  expect(said.doctor).toMatch(/✓ +store/);
  expect(said.export).toMatch(/\d+ rows in/);
  expect(existsSync(file("again.html"))).toBe(true);
  expect(readFileSync(file("records.jsonl"), "utf8")).toContain('"metric":"exact"');
});

test("assay compare is a gate: 100 where the second is lower in a named metric, 0 where it is not", async () => {
  const gate = "--metric exact --fail-if-lower";

  const lower = await assay(`compare latest latest --subject baseline:oracle --with baseline:random ${gate}`);
  const higher = await assay(`compare latest latest --subject baseline:random --with baseline:oracle ${gate}`);

  expect([lower.code, higher.code]).toEqual([100, 0]);
});

test("assay runs says how to begin where nothing was run yet", async () => {
  const desk = deskAt(join(home, "nothing-here"));

  expect(await runCommandLine(["runs"], desk)).toBe(0);
  expect(desk.told).toEqual(["No runs yet; start with: assay tour"]);
  const viaNpx = { ...deskAt(join(home, "nothing-here")), env: { npm_command: "exec" } };
  await runCommandLine(["runs"], viaNpx);
  expect(viaNpx.told).toEqual(["No runs yet; start with: npx assay tour"]);
  expect(existsSync(desk.home)).toBe(false);
});
