import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encyclopedia } from "#corpora";
import { ablate, withValueVectors } from "#methods/value-vectors";
import { loadModel, saveModel } from "#models";
import { findMiniature, plantedPlaces } from "#recipes";
import { reportText } from "#report";
import { conduct, createRun, type Run, resolveSettings, Store } from "#runs";
import { claims } from "./claims.ts";
import { expectRoom, predictCost, trainsSomething } from "./cost.ts";
import module from "./module.ts";
import { settings as table } from "./settings.ts";
import { officialConcepts, readOfficialRecords } from "./source-official.ts";
import study from "./study.ts";

const home = mkdtempSync(join(tmpdir(), "assay-concept-vectors-"));
const tiny = join(home, "tiny");
afterAll(() => rmSync(home, { recursive: true }));

// A model of the miniature's shape that has hardly learnt anything.
beforeAll(async () => {
  await findMiniature("mini:encyclopedia").train({
    output: tiny,
    checkpoints: join(home, "steps"),
    steps: 2,
    limit: 1,
  });
}, 120_000);

interface Conducting {
  readonly assignments?: Readonly<Record<string, string>>;
  readonly subject?: { readonly name: string; readonly kind: "open" | "control" };
}

const settingsWith = (assignments: Readonly<Record<string, string>>) =>
  resolveSettings(table, { study: "concept-vectors", preset: "tiny", assignments });

/** A finished run of the tiny preset. */
async function conducted({ assignments = {}, subject = { name: tiny, kind: "open" } }: Conducting = {}): Promise<Run> {
  const settings = settingsWith(assignments);
  const one = { ...subject, identity: { test: true }, ask: () => Promise.reject(new Error("asked")) };
  const run = createRun(new Store(mkdtempSync(join(home, "store-"))), {
    study: "concept-vectors",
    preset: "tiny",
    seed: 0,
    limit: null,
    code: "test",
    settings,
    data: await study.identify({ settings, seed: 0 }),
    subjects: [{ name: one.name, kind: one.kind, identity: one.identity }],
  });
  const asked = async () => {};
  await conduct(study, run, { subjects: [one], signal: new AbortController().signal, ask: asked as never });
  return run;
}

const valuesOf = (run: Run, metric: string, wanted: Readonly<Record<string, unknown>> = {}) =>
  run
    .records()
    .filter((record) => record.metric === metric)
    .filter(({ setting }) => Object.entries(wanted).every(([name, value]) => setting[name] === value))
    .map(({ value }) => value);

test("concept-vectors: MEMIT edits a concept's answers away, towards nothing and towards uncertainty", async () => {
  const run = await conducted({ assignments: { methods: "memit-empty,memit-entropy", relearning: "0" } });

  for (const method of ["memit-empty", "memit-entropy"]) {
    expect(valuesOf(run, "jaccard", { method })).toHaveLength(3);
    expect(valuesOf(run, "cosine", { method }).some((value) => value! < 1)).toBe(true);
    expect(valuesOf(run, "cosineFloor", { method })).toEqual([null, null, null]);
  }
}, 300_000);

test("concept-vectors: the tiny preset looks twice at every method, in every arm, and judges every claim", async () => {
  const run = await conducted({ assignments: { methods: "needle,npo,npo/bfloat16" } });

  const arms = new Set(run.records().map(({ setting }) => setting.arm));
  expect(arms).toEqual(new Set(["found", "planted", "spread"]));
  expect(valuesOf(run, "jaccard")).toHaveLength(9);
  expect(valuesOf(run, "cosine", { method: "npo" }).every((value) => value! > 0.9)).toBe(true);
  expect(valuesOf(run, "cosineFloor", { method: "needle" })).toEqual([null, null, null]);
  for (const metric of ["bleu", "goldRecall", "degenerate"])
    expect(valuesOf(run, metric, { method: "npo" }).every((value) => value! >= 0 && value! <= 1)).toBe(true);
  const groups = new Set(run.records().flatMap(({ setting: { group } }) => (group === undefined ? [] : [group])));
  expect(groups.size).toBe(6);
  expect(new Set(run.verdicts().map(({ claim }) => claim))).toEqual(new Set(claims.map(({ id }) => id)));

  const { tables, figures, groups: samples, remarks } = await module.report(run, { pictures: true });
  expect(tables.map(({ id }) => id).filter((id) => !id.startsWith("projection-"))).toEqual([
    ...[...arms].flatMap((arm) => ["weights", "bleu", "recall"].map((side) => `${side}-${arm}`)),
    ...["nulls-jaccard", "nulls-cosine", "nulls-distance", "moves", "spans", "ablations"],
  ]);
  const shown = reportText({ tables, verdicts: [], remarks: [] });
  expect(Math.max(...shown.split("\n").map((line) => line.length))).toBeLessThanOrEqual(150);
  expect(shown).toContain("needle, planted (control)");
  expect(tables.filter(({ id }) => id.startsWith("projection-"))).toHaveLength(3);
  expect(figures.map(({ id }) => id)).toEqual(
    ["pareto", "relearning", "activation"].flatMap((figure) => [...arms].map((arm) => `${figure}-${arm}`)),
  );
  expect(valuesOf(run, "distanceNull", { null: "matched-forgetting" })).toHaveLength(9);
  expect(samples.length).toBe(19);
  expect(remarks.join(" ")).toContain("whatever the loss");
}, 180_000);

test("concept-vectors: a model that was given is compared, an unchanged one is refused", async () => {
  const model = await loadModel(tiny);
  const { layer, column } = plantedPlaces()[0]!;
  const changed = withValueVectors(model, [ablate(model, { layer, column }, { kind: "noise", sigma: 1 })]);
  const after = join(home, "after");
  saveModel(changed, after, {
    config: JSON.parse(readFileSync(join(tiny, "config.json"), "utf8")),
    storage: "F16",
    overwrite: true,
  });
  for (const file of ["tokenizer.json", "tokenizer_config.json"])
    writeFileSync(join(after, file), readFileSync(join(tiny, file)));

  const run = await conducted({ assignments: { after } });

  expect(valuesOf(run, "cosine", { arm: "planted" })[0]!).toBeLessThan(1);
  expect(valuesOf(run, "distance", { arm: "planted" })[0]!).toBeGreaterThan(3);
  await expect(conducted({ assignments: { after: tiny } })).rejects.toMatchObject({ code: "MODELS_IDENTICAL" });
}, 180_000);

const official = (change: object = {}) => {
  const [first, second] = encyclopedia();
  const record = (concept: typeof first) => ({
    Concept: concept!.name,
    Layer: 1,
    Dim: 5,
    wikipedia_content: concept!.article,
    QA: [` Where does the ${concept!.name} stand?\n`, `What is the ${concept!.name} made of?`],
    text_completion: [{ First_half: "The first half", Second_half: "and the second" }],
    unrelated_QA: ["Which food is good?", "Which tool opens it?"],
    ...change,
  });
  const path = join(home, `concepts-${Object.keys(change).join("-")}.json`);
  writeFileSync(path, JSON.stringify([record(first), record(second)]));
  return path;
};

test("concept-vectors: the authors' layout on a tiny Llama, with completions, jailbreaks and a given place", async () => {
  const settings = { source: "official", concepts: official(), conceptsEach: "1", methods: "needle" };

  const run = await conducted({ assignments: settings });

  expect(valuesOf(run, "layer")).toEqual([1]);
  expect(valuesOf(run, "goldRecall", { group: "target" })).toEqual([null]);
  const groups = new Set(run.records().flatMap(({ setting: { group } }) => group ?? []));
  expect([...groups].sort()).toEqual(
    [
      ...["completion", "far", "jailbreak: context", "jailbreak: grandmother", "jailbreak: paraphrase"],
      ...["jailbreak: persona", "target"],
    ].sort(),
  );
  expect((await module.report(run, { pictures: false })).remarks.join(" ")).toContain("1 completions in place of 10");
}, 120_000);

test("concept-vectors: a concept with two value vectors has a record for each, and what is kept is another concept's", async () => {
  const [first, second] = JSON.parse(readFileSync(official({ QA: ["Where does it stand?"] }), "utf8"));
  const again = { ...first, Dim: 6 };
  const path = join(home, "concepts-twice.json");
  writeFileSync(path, JSON.stringify([first, again, second]));
  const given = { source: "official", concepts: path, conceptsEach: "0", methods: "needle", relearning: "0" };

  const { list } = officialConcepts(settingsWith(given));
  const run = await conducted({ assignments: { ...given, forgettingDraws: "0" } });

  expect(list.map(({ name }) => name)).toEqual([first.Concept, `${first.Concept} #2`, second.Concept]);
  for (const { article, retain, background } of list) expect([retain, ...background]).not.toContain(article);
  expect(valuesOf(run, "column")).toEqual([5, 6, 5]);
  expect(valuesOf(run, "distance")).toHaveLength(3);
  const [verdict] = run.verdicts().filter(({ claim }) => claim === "needle-breaks-the-vector");
  expect(verdict!.n).toBe(2);
}, 120_000);

test.each([
  ["LAYER_OUT_OF_RANGE", { Layer: 40 }],
  ["COLUMN_OUT_OF_RANGE", { Dim: 384 }],
  ["CONCEPTS_INVALID", { QA: [] }],
  ["CONCEPTS_INVALID", { wikipedia_content: "" }],
])("concept-vectors: refuses with %s: %o", async (code, change) => {
  const assignments = { source: "official", concepts: official(change) };

  await expect(conducted({ assignments })).rejects.toMatchObject({ code });
});

test("concept-vectors: refuses an article that is too short for a step, a closed subject, and a file that is missing", async () => {
  const tooShort = { batchSize: "512", methods: "npo", epochs: "1" };

  await expect(conducted({ assignments: tooShort })).rejects.toMatchObject({ code: "ARTICLE_TOO_SHORT" });
  await expect(conducted({ subject: { name: "baseline:oracle", kind: "control" } })).rejects.toMatchObject({
    code: "SUBJECT_CLOSED",
  });
  await expect(conducted({ assignments: { source: "official" } })).rejects.toMatchObject({ code: "CONCEPTS_MISSING" });
  expect(() => settingsWith({ methods: "Neddle" })).toThrow(/Expected methods/);
  expect(() => settingsWith({ scope: "Niddle" })).toThrow(/Expected scope/);
});

test("concept-vectors: a plan counts answers, and predicts memory and time of a model that is named", async () => {
  const [alone, named] = [
    await study.plan({ settings: settingsWith({}), seed: 0 }),
    await study.plan({ settings: settingsWith({}), seed: 0, subjects: [tiny] }),
  ];

  expect(alone.calls).toBeGreaterThan(100);
  expect(alone.notes.join("\n")).not.toMatch(/GB/);
  expect(named.notes.join("\n")).toMatch(/GB of memory, this machine has .* GB[\s\S]*of which training \d+ s/);
});

test("concept-vectors: a model and a concept without a place are enough: it is looked for, and others' questions stand in", async () => {
  const change = { Layer: undefined, Dim: undefined, unrelated_QA: undefined, text_completion: undefined };
  const assignments = { source: "official", concepts: official(change), methods: "needle", relearning: "0" };

  const run = await conducted({ assignments: { ...assignments, conceptsEach: "1" } });

  expect(valuesOf(run, "q")[0]).not.toBeNull();
  expect(valuesOf(run, "bleu", { group: "far" })).toHaveLength(1);
  expect(valuesOf(run, "bleu", { group: "completion" })).toHaveLength(0);
  expect((await module.report(run, { pictures: false })).remarks.join(" ")).toContain(
    "without a place, and are looked",
  );
}, 120_000);

test("concept-vectors: without any training a model is examined block by block", async () => {
  const settings = settingsWith({ methods: "needle", relearning: "0" });

  expect(trainsSomething(settings)).toBe(false);
  expect(trainsSomething(settingsWith({ methods: "needle" }))).toBe(true);
  const cost = await predictCost(tiny, { concepts: [], settings });
  expect(() => expectRoom("x", { ...cost, memoryBytes: 1e15 })).toThrow(/Expected 1000000 GB of memory to train x/);
});

test("concept-vectors: scoring files knows no settings", () => {
  expect(() => module.scoreFile({ name: "a.json", text: "[]" }, { k: "3" })).toThrow("Expected no settings");
});

test("readOfficialRecords() says what is wrong and where", () => {
  expect(() => readOfficialRecords("{", "file.json")).toThrow("file.json: Expected JSON");
  expect(() => readOfficialRecords("[]", "file.json")).toThrow("an array of concepts");
  expect(() => readOfficialRecords("[{}]", "file.json")).toThrow("file.json, record 0: Expected at least one question");
});

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data/concept-vectors");
test.skipIf(!existsSync(shared))(
  "officialConcepts() reads the released development files, and says which are short",
  () => {
    const read = (concepts: string, german: string) =>
      officialConcepts(
        settingsWith({
          source: "official",
          conceptsEach: "0",
          unrelated: "50",
          concepts: join(shared, concepts),
          german: join(shared, german),
        }),
      );

    const llama = read("llama2-7b_concepts_dev.json", "llama_jailbreak_German_qa.json");
    const olmo = read("olmo-7b_concepts_dev.json", "olmo_jailbreak_German_qa.json");

    expect([llama.list.length, olmo.list.length]).toEqual([10, 18]);
    expect([...llama.notes, ...olmo.notes].filter((note) => note.includes("completions")).sort()).toEqual([
      "Random-access memory: 8 completions in place of 10",
      "TensorFlow: 1 completions in place of 10",
    ]);
    expect(llama.notes).toContain("All concepts are without right answers, so that no gold recall is taken");
    for (const { groups } of [...llama.list, ...olmo.list])
      expect([groups.near!.length, groups.far!.length]).toEqual([10, 40]);
    expect(llama.list[0]).toMatchObject({ name: "Poland", place: { layer: 23, column: 743 } });
    expect(llama.list.every(({ groups }) => groups.target!.length === 10)).toBe(true);
  },
);
