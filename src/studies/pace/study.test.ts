import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type MeasuredRecord, stream, tensor } from "#base";
import { encode, type Pixels, writeNpy } from "#formats";
import type { EmbeddedImage } from "#methods/concepts";
import { loadVisionModel } from "#models";
import { conduct, createRun, type Run, resolveSettings, resultHash, Store } from "#runs";
import { claims } from "./claims.ts";
import { curveAreas, importanceOf, randomImportance } from "./curves.ts";
import { lookAt, sourceOf } from "./embed.ts";
import { EmbeddingParts } from "./embedding-parts.ts";
import { scoresOf, spreadPlaces } from "./measures.ts";
import module from "./module.ts";
import { perturbed } from "./perturb.ts";
import { openPictures } from "./pictures.ts";
import { planOf } from "./plan.ts";
import { recordsOf } from "./records.ts";
import { type Settings, settings as table } from "./settings.ts";
import study from "./study.ts";

const home = mkdtempSync(join(tmpdir(), "assay-pace-"));
afterAll(() => rmSync(home, { recursive: true }));

const settingsWith = (assignments: Readonly<Record<string, string>> = {}): Settings =>
  resolveSettings(table, { study: "pace", preset: "tiny", assignments }) as Settings;

/** A run of the tiny preset on the committed miniature, finished or stopped before the step of an explainer. */
async function conducted(
  assignments: Readonly<Record<string, string>> = {},
  kind: "open" | "control" = "open",
  stopBefore?: string,
): Promise<Run> {
  const settings = settingsWith(assignments);
  const run = createRun(new Store(mkdtempSync(join(home, "store-"))), {
    ...{ study: "pace", preset: "tiny", seed: 0, limit: null, code: "test", settings: settings as never },
    data: await study.identify({ settings, seed: 0 }),
    subjects: [{ name: "mini:vit", kind, identity: {} }],
  });
  const stop = new AbortController();
  const step = run.step.bind(run);
  run.step = (async (name: string, compute: () => Promise<never>) => {
    if (stopBefore !== undefined && name.includes(stopBefore)) stop.abort();
    stop.signal.throwIfAborted();
    return step(name, compute);
  }) as never;
  const done = proceed(run, { kind, signal: stop.signal });
  if (stopBefore === undefined) await done;
  else await expect(done).rejects.toThrow();
  run.step = step;
  return run;
}

interface Proceeding {
  readonly kind?: "open" | "control";
  readonly signal?: AbortSignal;
}

/** Takes a run up where it stands. */
async function proceed(
  run: Run,
  { kind = "open", signal = new AbortController().signal }: Proceeding = {},
): Promise<void> {
  const subject = { name: "mini:vit", kind, identity: {}, ask: () => Promise.reject(new Error("asked")) } as const;
  await conduct(study, run, { subjects: [subject], signal, ask: (async () => {}) as never });
}

const valuesOf = (run: Run, metric: string, wanted: MeasuredRecord["setting"] = {}) =>
  run
    .records()
    .filter((record) => record.metric === metric)
    .filter(({ setting }) =>
      Object.entries({ variant: "main", ...wanted }).every(([name, value]) => setting[name] === value),
    )
    .map(({ value }) => value);

test("pace: the tiny preset scores every explainer, judges every claim and shows pictures first", async () => {
  const run = await conducted();

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
  const run = await conducted({ explainers: "lime,shap,agi,integrated-gradients", asks: "8", pictures: "20" });

  expect(valuesOf(run, "parsimony")).toEqual([48, 48, 48, 48]);
  expect(valuesOf(run, "stability").every((value) => Number.isFinite(value))).toBe(true);
});

test("pace: concepts=auto takes the number of concepts that held-out pictures are likeliest under", async () => {
  const run = await conducted({ concepts: "auto", explainers: "pace,k-means" });

  const path = run.records().filter(({ metric }) => metric === "heldOut");
  const best = path.reduce((most, one) => (one.value! > most.value! ? one : most)).setting.k;
  expect(path.map(({ setting }) => setting.k)).toEqual([2, 4, 8]);
  expect(valuesOf(run, "parsimony")).toEqual([best, best]);
  const { figures } = await module.report(run, { pictures: true });
  expect(figures.map(({ id }) => id)).toContain("count/mini:vit");
  expect(figures.find(({ id }) => id === "count/mini:vit")!.svg).toContain("held-out pictures");
}, 60_000);

test("pace: a subject that nobody can look into is refused by name", async () => {
  await expect(conducted({}, "control")).rejects.toThrow(
    /Expected an image classifier that can be looked into, got mini:vit/,
  );
});

const flat = (value: number): Pixels => ({ data: new Uint8Array(8 * 8 * 3).fill(value), width: 8, height: 8 });

test("perturbed() keeps the size, repeats itself, and leaves a grey picture without noise nearly alone", () => {
  const noisy: Pixels = { ...flat(0), data: Uint8Array.from({ length: 192 }, (_, at) => (at * 37) % 256) };
  const draw = (kind: "simclr" | "gentle", pixels = noisy) => perturbed(pixels, kind, stream(3, "test"));

  expect(draw("simclr")).toEqual(draw("simclr"));
  expect(draw("simclr").data).toHaveLength(192);
  expect(draw("gentle").data).not.toEqual(noisy.data);
  for (let seed = 0; seed < 20; seed++) {
    const { data } = perturbed(flat(100), "simclr", stream(seed, "grey"));
    expect(Math.max(...data) - Math.min(...data)).toBeLessThan(6);
  }
});

test("lookAt() and sourceOf() leave the class token out or keep it, and name model and layer", async () => {
  const model = await loadVisionModel("mini:vit");
  const set = await openPictures(settingsWith(), 0);
  const look = (settings: Settings) => lookAt(model, set.test.slice(0, 2), { settings, seed: 0, withPerturbed: true });

  const [without, withClass] = [await look(settingsWith()), await look(settingsWith({ classToken: "yes" }))];

  expect([without[0]!.image.attention.length, withClass[0]!.image.attention.length]).toEqual([64, 65]);
  expect(without[0]!.image.perturbed!.id).toBe(`${set.test[0]!.name} perturbed`);
  const of = (settings: Settings) => sourceOf(model, without, { name: "x", settings }).model;
  expect(of(settingsWith())).not.toBe(of(settingsWith({ layer: "1" })));
});

test("lookAt() sees the same in parts on disk as in memory, and looks at no part twice", async () => {
  const model = await loadVisionModel("mini:vit");
  const set = await openPictures(settingsWith(), 0);
  const folder = join(home, "parts");
  using parts = new EmbeddingParts(folder);
  const look = (more: { parts?: EmbeddingParts }) =>
    lookAt(model, set.test.slice(0, 3), { settings: settingsWith(), seed: 0, withPerturbed: true, ...more });
  const [inMemory, onDisk] = [await look({}), await look({ parts })];
  const written = statSync(join(folder, "0.safetensors"));

  const again = await look({ parts });

  const numbers = (seen: typeof inMemory) =>
    seen.map(({ image, ...one }) => [
      ...[
        [...image.embeddings],
        [...image.attention],
        [...image.perturbed!.embeddings],
        [...image.perturbed!.attention],
      ],
      ...[one.predicted, [...one.probabilities], one.grid, image.perturbed!.id],
    ]);
  expect(numbers(onDisk)).toEqual(numbers(inMemory));
  expect(numbers(again)).toEqual(numbers(inMemory));
  expect(statSync(join(folder, "0.safetensors")).ino).toBe(written.ino);
  const [one] = sourceOf(model, onDisk, { name: "x", settings: settingsWith() }).images() as Iterable<EmbeddedImage>;
  expect(Object.getOwnPropertyDescriptor(one, "embeddings")!.value).toEqual(inMemory[0]!.image.embeddings);
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
  const whole = await conducted(asked);

  const run = await conducted(asked, "open", "k-means");
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

test("spreadPlaces() takes places from the whole list", () => {
  expect([spreadPlaces(10, 3), spreadPlaces(2, 5), spreadPlaces(4, 0)]).toEqual([[0, 3, 6], [0, 1], []]);
});

test("curveAreas() falls sooner when the patches that matter go first", async () => {
  const model = await loadVisionModel("mini:vit");
  const set = await openPictures(settingsWith(), 0);
  const seen = await lookAt(model, set.test.slice(0, 4), { settings: settingsWith(), seed: 0, withPerturbed: true });
  const byTruth = seen.map(({ picture }) => picture.truth!(4).map((material) => (material === 4 ? 0 : 1)));

  const truth = await curveAreas(model, { seen, importance: byTruth, steps: 4 });
  const random = await curveAreas(model, {
    seen,
    importance: seen.map((one) => randomImportance(one, 64, 1)),
    steps: 4,
  });

  expect(truth.n).toBe(4);
  expect(truth.insertion).toBeGreaterThan(0);
  expect(random.deletion).toBeGreaterThan(0);
  const explained = { id: "x", theta: Float64Array.from([0.5, 0.5]), patches: Float64Array.from([1, 0, 0, 1]) };
  const one = { ...seen[0]!, predicted: 0, image: { ...seen[0]!.image, attention: Float64Array.from([0.5, 0.25]) } };
  expect([
    ...importanceOf(one, explained, [
      [0.8, 0.2],
      [0.2, 0.8],
    ]),
  ]).toEqual([expect.closeTo(0.15, 9), expect.closeTo(-0.075, 9)]);
});

test("pace: embeddings that were made elsewhere are scored without a model, and attributions ask for one", async () => {
  const model = await loadVisionModel("mini:vit");
  const set = await openPictures(settingsWith(), 0);
  for (const [part, list] of [["train", set.train] as const, ["test", set.test] as const]) {
    const seen = await lookAt(model, list, { settings: settingsWith(), seed: 0, withPerturbed: true });
    const rows = (read: (one: (typeof seen)[number]) => Iterable<number>) => seen.flatMap((one) => [...read(one)]);
    const folder = join(home, "dump", part);
    mkdirSync(folder, { recursive: true });
    const write = (name: string, shape: number[], values: number[]) =>
      writeNpy(join(folder, `${name}.npy`), tensor(shape, values));
    write(
      "embeddings",
      [seen.length, 64, 48],
      rows(({ image }) => image.embeddings),
    );
    write(
      "attention",
      [seen.length, 64],
      rows(({ image }) => image.attention),
    );
    write(
      "probabilities",
      [seen.length, 2],
      rows(({ probabilities }) => probabilities),
    );
    write(
      "perturbed_embeddings",
      [seen.length, 64, 48],
      rows(({ image }) => image.perturbed!.embeddings),
    );
    write(
      "perturbed_attention",
      [seen.length, 64],
      rows(({ image }) => image.perturbed!.attention),
    );
  }
  const dump = { dataset: "dump", images: join(home, "dump"), explainers: "pace,gmm" };

  const run = await conducted(dump);
  const shown = await module.report(run, { pictures: true });

  expect(valuesOf(run, "faithfulness")).toHaveLength(2);
  expect(valuesOf(run, "correctedStability").every((value) => value! > 0)).toBe(true);
  expect(valuesOf(run, "deletion")).toEqual([]);
  expect(shown.figures.map(({ id }) => id)).toEqual([
    "scale/faithfulness",
    "scale/correctedStability",
    "scale/sparsity",
  ]);
  await expect(conducted({ ...dump, explainers: "lime" })).rejects.toThrow(
    "Expected a model for lime, got embeddings alone",
  );
  await expect(conducted({ dataset: "dump" })).rejects.toThrow("Expected --set images=DIR");
});

test("openPictures() reads a folder of class folders, with a split of its own or without", async () => {
  const folder = join(home, "photos");
  for (const kind of ["cats", "dogs"]) {
    mkdirSync(join(folder, kind), { recursive: true });
    for (let at = 0; at < 5; at++)
      writeFileSync(join(folder, kind, `${at}.png`), await encode(flat(40 * at), { format: "png" }));
  }
  const split = join(home, "split");
  for (const part of ["train", "test"]) {
    for (const kind of ["a", "b"]) {
      mkdirSync(join(split, part, kind), { recursive: true });
      writeFileSync(join(split, part, kind, "x.png"), await encode(flat(9), { format: "png" }));
    }
  }
  const open = (images: string) => openPictures(settingsWith({ dataset: "folder", images, pictures: "0" }), 0);

  const [found, own] = [await open(folder), await open(split)];

  expect([found.train.length, found.test.length, found.classes]).toEqual([8, 2, ["cats", "dogs"]]);
  expect([own.train.length, own.test.length]).toEqual([2, 2]);
  await expect(open("")).rejects.toThrow("Expected --set images=DIR");
  await expect(open(join(folder, "cats"))).rejects.toThrow("at least two class folders");
  mkdirSync(join(folder, "birds"));
  await expect(open(folder)).rejects.toThrow("every class folder of");
});

test("recordsOf() prints K, α, weights and θ with every number", () => {
  const printed = { k: 6, alpha: "2", weights: "J a", theta: "E[θ]" };
  const examined = {
    ...{
      explainer: "PACE",
      variant: "main",
      seed: 1,
      level: "full",
      printed,
      settings: {},
      tuning: { tried: 2, scores: [], chosen: 0 },
    },
    ...{
      scores: { sparsity: { value: 0.5, n: 3 } },
      curves: { deletion: 0.4, insertion: 0.6, n: 2, each: [0.3, 0.5] },
    },
    ...{ randomCurves: null, gallery: null, comparison: null },
  };

  const records = recordsOf({ subject: "s", settings: settingsWith() }, examined);

  expect(records.map(({ metric }) => metric)).toEqual(["sparsity", "deletion", "insertion", "candidates"]);
  expect(records[0]).toMatchObject({ value: 0.5, n: 3, setting: { dataset: "color", ...printed } });
});

test("scoresOf() gives every desideratum of a θ that tells everything", () => {
  const picture = { name: "x", photo: flat(0), label: 0, truth: () => [0, 1] };
  const image = { id: "x", embeddings: new Float64Array(2), attention: new Float64Array(2) };
  const seen = [0, 1, 0, 1].map((predicted) => ({
    ...{
      picture,
      image,
      pixels: flat(0),
      shaken: undefined,
      grid: [1, 2] as const,
      predicted,
      probabilities: Float64Array.from([1 - predicted, predicted]),
    },
  }));
  const explained = seen.map(({ predicted }, at) => ({
    id: String(at),
    theta: Float64Array.from([1 - predicted, predicted]),
    patches: Float64Array.from([1, 0, 0, 1]),
  }));
  const set = {
    dataset: "color",
    train: [],
    test: [],
    classes: ["a", "b"],
    materials: ["m", "n"],
    target: { material: 1, label: 1 },
    identity: null,
  } as const;

  const found = scoresOf(
    { train: explained, test: explained, perturbed: explained },
    { train: seen, test: seen, set, classes: 2, patch: 4 },
    2,
  );

  expect(Object.fromEntries(Object.entries(found).map(([name, { value }]) => [name, value]))).toMatchObject({
    ...{ faithfulness: 1, chance: 0.5, stability: 0, correctedStability: 0, sparsity: 0.5, parsimony: 2 },
    ...{ purity: 1, nmi: 1, ari: 1, pointing: 1, iou: 1, pointingChance: 0.5 },
  });
});

const shared = join(process.env.ASSAY_SHARED ?? "../shared", "data/pace");
describe.skipIf(!existsSync(shared))("with the pictures in ASSAY_SHARED", () => {
  test("openPictures() knows which patches of a smear show white cells", async () => {
    const set = await openPictures(settingsWith({ dataset: "blood-smears", pictures: "0" }), 0);

    const white = set.test.filter(({ label }) => label === 1);
    const share = white.map(
      ({ truth }) => truth!(8).filter((material) => material === set.target!.material).length / 64,
    );

    expect([set.train.length + set.test.length, white.length]).toEqual([1402, expect.any(Number)]);
    expect(share.every((one) => one > 0.02)).toBe(true);
    expect((await openPictures(settingsWith({ dataset: "sign-digits", pictures: "100" }), 0)).test).toHaveLength(20);
  });
});
