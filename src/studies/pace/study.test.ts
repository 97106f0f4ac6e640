import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { encode, type Pixels } from "#formats";
import { resultHash } from "#runs";
import { claims } from "./claims.ts";
import module from "./module.ts";
import { openPictures } from "./pictures.ts";
import { planOf } from "./plan.ts";
import { conducted, proceed, settingsWith, valuesOf } from "./study-double.ts";

const home = mkdtempSync(join(tmpdir(), "assay-pace-"));
afterAll(() => rmSync(home, { recursive: true }));

test("pace: the tiny preset scores every explainer, judges every claim and shows pictures first", async () => {
  const run = await conducted({}, { home });

  const who = ["PACE", "k-means", "mean embedding", "Saliency"];
  expect(valuesOf(run, "faithfulness")).toHaveLength(who.length);
  expect(new Set(run.records().map(({ setting }) => setting.explainer))).toEqual(new Set([...who, "random"]));
  for (const metric of ["faithfulness", "sparsity", "retrieval", "purity", "deletion"]) {
    expect(
      valuesOf(run, metric).every((value) => value! >= 0 && value! <= 1),
      metric,
    ).toBe(true);
  }
  expect(valuesOf(run, "boundFall")).toEqual([0]);
  expect(valuesOf(run, "sparsity", { variant: "repository" })).toEqual([0]);
  expect(run.records().every(({ setting }) => setting.k && setting.alpha && setting.weights && setting.theta)).toBe(
    true,
  );
  expect(new Set(run.verdicts().map(({ claim }) => claim))).toEqual(new Set(claims.map(({ id }) => id)));

  const shown = await module.report(run, { pictures: true });
  expect(shown.opensWithFigures).toBe(true);
  expect(shown.figures.map(({ id }) => id.split("/")[0])).toEqual([
    ...["gallery", "classes", "picture", "picture", "bound", "starts", "starts-gallery"],
    ...["scale", "scale", "scale", "scale"],
  ]);
  expect(shown.figures[0]!.svg).toContain("data:image/png;base64,");
  expect(shown.tables.map(({ id }) => id)).toEqual(["desiderata", "variants", "explainers", "table1", "table2"]);
  const [row] = shown.tables[0]!.measured;
  expect(row!.subject).toBe("PACE · K 6 · α 0.1 · w = J a ≤ 5 · θ: E[θ]");
  expect(shown.tables[3]!.measured.every(({ apart }) => apart.length > 0)).toBe(true);
  expect((await module.report(run, { pictures: false })).figures).toEqual([]);
}, 120_000);

test("pace: the explainers that the miniature's preset names all have a budget that they can work with", async () => {
  const run = await conducted(
    { explainers: "lime,shap,agi,integrated-gradients", asks: "8", pictures: "20" },
    { home },
  );

  expect(valuesOf(run, "parsimony")).toEqual([48, 48, 48, 48]);
  expect(valuesOf(run, "stability").every((value) => Number.isFinite(value))).toBe(true);
});

test("pace: concepts=auto takes the number of concepts that held-out pictures are likeliest under", async () => {
  const run = await conducted({ concepts: "auto", explainers: "pace,k-means" }, { home });

  const path = run.records().filter(({ metric }) => metric === "heldOut");
  const best = path.reduce((most, one) => (one.value! > most.value! ? one : most)).setting.k;
  expect(path.map(({ setting }) => setting.k)).toEqual([2, 4, 8]);
  expect(valuesOf(run, "parsimony")).toEqual([best, best]);
  const { figures } = await module.report(run, { pictures: true });
  expect(figures.map(({ id }) => id)).toContain("count/mini:vit");
  expect(figures.find(({ id }) => id === "count/mini:vit")!.svg).toContain("held-out pictures");
}, 60_000);

test("pace: a subject that nobody can look into is refused by name", async () => {
  await expect(conducted({}, { home, kind: "control" })).rejects.toThrow(
    /Expected an image classifier that can be looked into, got mini:vit/,
  );
});

test("pace: a folder of class folders is examined, and a run that was stopped says the same and leaves no embeddings", async () => {
  const folder = join(home, "classes");
  const set = await openPictures(settingsWith(), 0);
  for (const [at, { photo, label }] of [...set.train, ...set.test].entries()) {
    const kind = join(folder, ["warm", "cold"][label]!);
    mkdirSync(kind, { recursive: true });
    writeFileSync(join(kind, `${at}.png`), await encode(photo as Pixels, { format: "png" }));
  }
  const asked = { dataset: "folder", images: folder, explainers: "pace,k-means", pictures: "0" };
  const whole = await conducted(asked, { home });

  const run = await conducted(asked, { home, stopBefore: "k-means" });
  const places = () => readdirSync(join(run.store.folder, "embeddings"), { recursive: true }).map(String);
  const left = places();
  expect(left.filter((name) => name.endsWith(".safetensors"))).toHaveLength(2);
  expect([...run.steps().keys()]).toEqual(["mini:vit: pace, seed 0"]);
  await proceed(run);

  expect(resultHash(run.store, run.id)).toBe(resultHash(whole.store, whole.id));
  expect(valuesOf(run, "faithfulness")).toHaveLength(2);
  expect(places().filter((name) => name.endsWith(".safetensors"))).toEqual([]);
}, 120_000);

test("planOf() predicts disk, memory and time of the paper's model where none is named", async () => {
  const pictures = await openPictures(settingsWith(), 0);

  const plan = await planOf(pictures, { settings: settingsWith() });
  const named = await planOf(pictures, { settings: settingsWith({ concepts: "auto" }), subjects: ["mini:vit"] });

  expect(plan.notes.join("\n")).toMatch(/ViT-B\/16: embeddings of 196 × 768 numbers a picture, 0\.03 GB on disk/);
  expect(plan.notes.join("\n")).toMatch(/about \d+(\.\d+)? [smh]\w* at \d+ GFLOP\/s measured now/);
  expect(named.notes.join("\n")).toContain("mini:vit: embeddings of 64 × 48 numbers");
  expect(named.notes).toContain("K is chosen: 3 fits more");
});
