import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tensor } from "#base";
import { leavesOf } from "#engine";
import { rome } from "#methods/editing";
import { loadModel } from "#models";
import { conduct, createRun, type Run, resolveSettings, resultHash, Store } from "#runs";
import { claims } from "./claims.ts";
import { openFacts } from "./data.ts";
import { lend } from "./lend.ts";
import module from "./module.ts";
import { stepsOf } from "./plan.ts";
import { readObjects } from "./reader.ts";
import { storedCases } from "./samples.ts";
import { settings as table } from "./settings.ts";
import study from "./study.ts";

const home = mkdtempSync(join(tmpdir(), "assay-cross-lingual-"));
afterAll(() => rmSync(home, { recursive: true }));
const gpt2 = `${import.meta.dirname}/../../../test/golden/models/gpt2`;

interface Conducting {
  readonly assignments?: Readonly<Record<string, string>>;
  readonly subject?: { readonly name: string; readonly kind: "open" | "control" };
  /** Stops the run after so many steps. */
  readonly stopAfter?: number;
  readonly run?: Run;
}

const quick = {
  facts: "1",
  languages: "en,hi",
  editors: "rome",
  steps: "4",
  prefixes: "0",
  maxTokens: "4",
  neighbours: "1",
};
const settingsWith = (assignments: Readonly<Record<string, string>>) =>
  resolveSettings(table, { study: "cross-lingual-editing", preset: "tiny", assignments });

async function conducted({
  assignments = {},
  subject = { name: "mini:atlas", kind: "open" },
  stopAfter,
  run,
}: Conducting = {}): Promise<Run> {
  const settings = settingsWith(assignments);
  const one = { ...subject, identity: { test: true }, ask: () => Promise.reject(new Error("asked")) };
  const made =
    run ??
    createRun(new Store(mkdtempSync(join(home, "store-"))), {
      study: "cross-lingual-editing",
      preset: "tiny",
      seed: 0,
      limit: null,
      code: "test",
      settings,
      data: await study.identify({ settings, seed: 0 }),
      subjects: [{ name: one.name, kind: one.kind, identity: one.identity }],
    });
  const controller = new AbortController();
  let steps = 0;
  const watched = made.watchedBy((event) => {
    if (event.type === "step-end" && ++steps === stopAfter) controller.abort();
  });
  await conduct(study, watched, { subjects: [one], signal: controller.signal, ask: (async () => {}) as never });
  return watched;
}

let whole: Run;
beforeAll(async () => {
  whole = await conducted();
}, 240_000);

test("cross-lingual-editing: the tiny preset has every matrix, the merges and the worlds, and judges every claim", () => {
  const records = whole.records();
  const editorsOf = (arm: string) =>
    new Set(
      records
        .filter(({ setting, metric }) => setting.arm === arm && metric === "reliability")
        .map(({ setting }) => setting.editor),
    );

  expect(editorsOf("matrix")).toEqual(new Set(["none", "rome", "memit", "joint"]));
  expect(editorsOf("merge")).toEqual(new Set(["none", "rome"]));
  expect(editorsOf("controlled")).toEqual(new Set(["none", "rome"]));
  const rome = records.filter(
    ({ setting, metric }) => setting.arm === "matrix" && setting.editor === "rome" && metric === "reliability",
  );
  expect(rome).toHaveLength(9);
  const models = new Set(records.filter(({ setting }) => setting.arm === "merge").map(({ setting }) => setting.model));
  expect(models).toEqual(new Set(["unmerged", "tuned on en", "tuned on hi", "linear", "ties"]));
  expect(new Set(whole.verdicts().map(({ claim }) => claim))).toEqual(new Set(claims.map(({ id }) => id)));
});

test("cross-lingual-editing: a run foresees as many steps as it has", () => {
  const facts = openFacts(settingsWith({}), 0);

  expect(stepsOf(facts, { settings: settingsWith({}), hasWorlds: true })).toBe(whole.steps().size);
});

test("cross-lingual-editing: M₀ is printed beside every matrix, and an edit holds at home better than before", () => {
  const summary = (metric: string) =>
    whole
      .records()
      .find(
        (record) =>
          record.metric === metric &&
          record.setting.number === "reliability" &&
          record.setting.editor === "rome" &&
          record.setting.arm === "matrix",
      )!.value!;

  expect(summary("elfi")).toBeGreaterThan(summary("m0"));
  expect(summary("elfi")).toBeGreaterThan(summary("elfo"));
});

test("cross-lingual-editing: the report draws the matrices, leads to prompts, and says what is not known of the paper", async () => {
  const { tables, figures, groups, remarks, verdicts } = await module.report(whole, { pictures: true });

  const matrix = tables.find(({ id }) => id === "matrix-rome-reliability")!;
  expect(matrix.measured.map(({ subject }) => subject)).toEqual([
    "edited in en",
    "edited in de",
    "edited in hi",
    "M₀, unedited",
  ]);
  expect(tables.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      "reliability",
      "beyond",
      "counterfact",
      "strata",
      "errors",
      "predictors",
      "merges",
      "worlds",
    ]),
  );
  const map = figures.find(({ id }) => id === "map-rome-reliability")!;
  const group = groups.find(({ id }) => id === "matrix/unmerged/rome/en/hi")!;
  expect(map.svg).toContain(encodeURIComponent("matrix/unmerged/rome/en/hi").slice(0, 6));
  expect(group.samples[0]!.prompt).toContain("→");
  expect(group.total).toBe(2);
  expect(remarks[0]).toContain("not at hand");
  expect(verdicts.length).toBeGreaterThanOrEqual(claims.length);
});

test("cross-lingual-editing: every failure has one of the classes, and cases come back from the stored steps", () => {
  const cases = storedCases(whole);

  expect(cases.length).toBeGreaterThan(20);
  expect(cases.every(({ subject }) => subject === "mini:atlas")).toBe(true);
});

test("cross-lingual-editing: a run that was stopped resumes to the hash of one that was not", async () => {
  const assignments = { ...quick, arms: "matrix,merge", merges: "linear", mergeFacts: "1" };
  const uninterrupted = await conducted({ assignments });
  const settings = settingsWith(assignments);
  const run = createRun(new Store(mkdtempSync(join(home, "store-"))), {
    study: "cross-lingual-editing",
    preset: "tiny",
    seed: 0,
    limit: null,
    code: "test",
    settings,
    data: await study.identify({ settings, seed: 0 }),
    subjects: [{ name: "mini:atlas", kind: "open", identity: { test: true } }],
  });

  await conducted({ assignments, run, stopAfter: 4 }).catch(() => {});
  expect(run.steps().size).toBeLessThan(uninterrupted.steps().size);
  await conducted({ assignments, run });

  expect(resultHash(run.store, run.id)).toBe(resultHash(uninterrupted.store, uninterrupted.id));
}, 120_000);

test("cross-lingual-editing: each seed draws facts of its own, and a cell shows them with their own new objects", async () => {
  const assignments = { ...quick, arms: "matrix", seeds: "2" };
  const run = await conducted({ assignments });

  const drawn = [0, 1].map((seed) => openFacts(settingsWith(assignments), seed).list[0]!);
  expect(drawn[0]!.id).not.toBe(drawn[1]!.id);
  const cell = run
    .records()
    .find(({ metric, setting }) => metric === "reliability" && setting.editor === "rome" && setting.test === "hi")!;
  expect(cell.n).toBe(2);
  const { groups } = await module.report(run, { pictures: true });
  const truths = groups.find(({ id }) => id === "matrix/unmerged/rome/en/hi")!.samples.map(({ truth }) => truth);
  for (const { said } of drawn) expect(truths).toContain(`${said.hi!.newObject} (before: ${said.hi!.oldObject})`);
}, 60_000);

test("cross-lingual-editing: weights that were lent come back byte for byte, and meanwhile the edit speaks", async () => {
  using model = await loadModel("mini:atlas");
  const { said } = openFacts(settingsWith({ facts: "1" }), 0).list[0]!;
  const { subject, prompt, newObject: target } = said.en!;
  const before = [...leavesOf<Tensor>(model.weights)].map(
    ([path, { data }]) => [path, (data as Float32Array).slice()] as const,
  );
  const edited = await rome(model, { subject, prompt, target }, { layer: 1, steps: 6, prefixes: [] });
  const asked = [{ prompt: prompt.replace("{}", subject), object: target }];
  const [first] = await readObjects(model, asked);

  const [lent] = await lend(model, edited.model, () => readObjects(model, asked));
  const [direct] = await readObjects(edited.model, asked);

  expect(lent!.logProb).toBe(direct!.logProb);
  expect(lent!.logProb).toBeGreaterThan(first!.logProb);
  for (const [path, data] of before) expect(leavesOf<Tensor>(model.weights).get(path)!.data).toEqual(data);
});

test("cross-lingual-editing: a subject that stands otherwise in its prompt is counted, not skipped", async () => {
  const header = "Prompt\tAns\tCandidate Ans\tSubject";
  const lines = {
    en: [
      "Kenya lies in <mask>.\tAfrica\tAfrica, Asia\tKenya",
      "Chad lies in <mask>.\tAfrica\tAfrica, Asia\tChad",
      "Peru is in <mask>.\tAfrica\tAfrica, Asia\tMars",
    ],
    hi: [
      "केन्या <mask> में है।\tअफ़्रीका\tअफ़्रीका, एशिया\tकेन्या",
      "चाड <mask> में है।\tअफ़्रीका\tअफ़्रीका, एशिया\tचाड",
      "पेरू <mask> में है।\tअफ़्रीका\tअफ़्रीका, एशिया\tMars",
    ],
  };
  for (const [language, rows] of Object.entries(lines))
    writeFileSync(join(home, `${language}.tsv`), [header, ...rows, ""].join("\r\n"));

  const run = await conducted({
    assignments: { ...quick, source: "bmlama53", files: home, facts: "0", arms: "matrix", covariance: "identity" },
  });

  const excluded = run.records().filter(({ metric, setting }) => metric === "excluded" && setting.editor === "rome");
  expect(excluded.map(({ setting, value }) => [setting.edit, setting.reason, value])).toEqual([
    ["en", "subject missing", 1],
    ["hi", "subject in another script", 1],
  ]);
  const { remarks } = await module.report(run, { pictures: false });
  expect(remarks.some((remark) => remark.includes("rome: subject missing, 1"))).toBe(true);
}, 60_000);

test("cross-lingual-editing: CounterFact's cases run end to end, a new object that is the old one counted", async () => {
  const one = {
    case_id: 1,
    prompt: "Danielle Darrieux's mother tongue is",
    target_new: "English",
    subject: "Danielle Darrieux",
    ground_truth: "French",
  };
  const two = { ...one, case_id: 2, target_new: "French" };
  const both = [one, two].map((each) => ({
    ...each,
    rephrase_prompt: "Danielle Darrieux speaks",
    locality_prompt: "Louis Fuzelier, a native",
    locality_ground_truth: "French",
  }));
  const files = join(home, "counterfact.json");
  writeFileSync(files, JSON.stringify(both));

  const run = await conducted({
    assignments: { ...quick, source: "counterfact", files, facts: "0", arms: "matrix", covariance: "english" },
  });

  const score = run.records().find(({ metric, setting }) => metric === "es" && setting.editor === "rome")!;
  expect(score).toMatchObject({ n: 1, setting: { edit: "en", test: "en" } });
  const excluded = run.records().filter(({ metric }) => metric === "excluded");
  expect(excluded.map(({ setting }) => setting.reason)).toEqual(["target unchanged"]);
}, 60_000);

test("cross-lingual-editing: a subject whose weights nobody sees is refused, and a model without a tokenizer too", async () => {
  await expect(
    conducted({ assignments: quick, subject: { name: "baseline:oracle", kind: "control" } }),
  ).rejects.toThrow(/Expected an open model/);
  await expect(conducted({ assignments: quick, subject: { name: gpt2, kind: "open" } })).rejects.toThrow(
    /Expected a tokenizer/,
  );
});

test("cross-lingual-editing: the plan counts edits and names the paper's models where their facts are asked for", async () => {
  const files = join(home, "counterfact.json");
  const settings = resolveSettings(table, { study: "cross-lingual-editing", preset: "paper", assignments: { files } });

  const { notes } = await study.plan({ settings, seed: 0 });

  expect(readFileSync(files, "utf8")).toContain("Darrieux");
  for (const name of ["Mistral-7B", "TowerInstruct-7B", "OpenHathi-7B", "Tamil-Llama-7B", "Kan-Llama-7B"]) {
    expect(notes.find((note) => note.startsWith(name))).toMatch(/\d+ GB, at most about .+ for \d+ edits here/);
  }
}, 60_000);
