import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Tensor, zeros } from "#base";
import { type AtlasLanguage, atlasFacts, atlasStatement, atlasStatements } from "#corpora";
import { leavesOf } from "#engine";
import { openCheckpoint, rewrittenTensors, sourceOf, writeSafetensors } from "#formats";
import { type LanguageModel, loadModel, saveModel, score } from "#models";
import {
  applyPatches,
  applyToFolder,
  type EditRequest,
  estimateMoment,
  fineTuneLayer,
  fingerprint,
  jointEdit,
  type KeyStatistics,
  keyStatistics,
  loadPatch,
  memit,
  type Patch,
  readEditLedger,
  revertFolder,
  rome,
  samplePrefixes,
  savePatch,
} from "./index.ts";

const home = mkdtempSync(join(tmpdir(), "assay-editing-"));
const facts = atlasFacts();
const texts = atlasStatements(facts, "train").map(({ prompt, answer }) => prompt + answer);
const sample = texts.filter((_, at) => at % 23 === 0);
let model: LanguageModel;
let statistics: KeyStatistics;

beforeAll(async () => {
  model = await loadModel("mini:atlas");
  statistics = await keyStatistics(await estimateMoment(model, { texts: sample, layer: 1, corpus: "atlas" }));
}, 120_000);
afterAll(() => {
  model.close();
  rmSync(home, { recursive: true });
});

const fact = (id: string) => facts.find((one) => one.id === id)!;

/** A request to answer a fact as another one is answered. */
function request(id: string, otherId: string, language: AtlasLanguage = "en"): EditRequest {
  const { prompt } = atlasStatement(fact(id), language, { split: "train", template: 0 });
  const target = fact(otherId).answerNames[language];
  return { id, subject: fact(id).subjectNames[language], prompt, target, language };
}

const japan = () => request("currency/JP", "currency/DE");
const brazil = () => request("language/BR", "language/DE");

/** How many wordings of a fact a model answers with another fact's answer. */
async function wordings(edited: LanguageModel, id: string, otherId: string): Promise<number> {
  const continuation = ` ${fact(otherId).answerNames.en}`;
  const prompts = [1, 2, 3].map((template) => atlasStatement(fact(id), "en", { split: "train", template }).prompt);
  const scores = await score(
    edited,
    prompts.map((prompt) => ({ prompt, continuation })),
  );
  return scores.filter(({ isGreedy }) => isGreedy).length;
}

const weightsFile = (folder: string): Buffer => readFileSync(join(folder, "model.safetensors"));
const miniature = join(import.meta.dirname, "../../../miniatures/atlas");

test("rome() makes mini:atlas say the new object, in other wordings too, and leaves the given model alone", async () => {
  const before = fingerprint(model).weights;

  const { model: edited, patch } = await rome(model, japan(), { statistics });

  const [own] = patch.certificate.requests;
  expect(own!.isGreedy).toBe(true);
  expect(own!.surprise.after).toBeLessThan(own!.surprise.before / 10);
  expect(await wordings(edited, "currency/JP", "currency/DE")).toBe(3);
  expect(await wordings(edited, "currency/BR", "currency/BR")).toBe(3);
  expect(fingerprint(model).weights).toBe(before);
}, 120_000);

test("rome() certifies rank, norms, residual, statistics and the one matrix that changed", async () => {
  const { model: edited, patch } = await rome(model, japan(), { statistics, variant: "rome" });

  const { certificate } = patch;
  const [matrix] = certificate.matrices;
  expect([certificate.method, certificate.base]).toEqual(["rome", fingerprint(model).weights]);
  expect([matrix!.path, matrix!.rank, matrix!.storage]).toEqual(["blocks.1.mlp.down.weight", 1, "F16"]);
  expect(matrix!.residual).toBeLessThan(1e-9);
  expect(matrix!.statistics).toContain("tokens of atlas");
  const [before, after] = [fingerprint(model).leaves, fingerprint(edited).leaves];
  expect(Object.keys(before).filter((path) => before[path] !== after[path])).toEqual([matrix!.path]);
  expect([matrix!.before, matrix!.after]).toEqual([before[matrix!.path], after[matrix!.path]]);
}, 120_000);

test("rome() gives the same patch for the same seed, whatever was edited before", async () => {
  const settings = { statistics, prefixes: [{ tokens: 4, count: 2 }], steps: 3, seed: 5 };
  const first = await rome(model, japan(), settings);
  await rome(first.model, brazil(), { ...settings, prefixes: [] });

  const again = await rome(model, japan(), settings);
  const other = await rome(model, japan(), { ...settings, seed: 6 });

  expect(again.patch.id).toBe(first.patch.id);
  expect(other.patch.id).not.toBe(first.patch.id);
}, 120_000);

test("samplePrefixes() begins in the language, ends its sentence, and depends on the seed", async () => {
  const options = { lengths: [{ tokens: 3, count: 5 }], seed: 1 };

  const [german, hindi] = [await samplePrefixes(model, "de", options), await samplePrefixes(model, "hi", options)];

  expect(german.map((text) => text.split(/\W/u)[0]!.slice(0, 2))).toEqual(["Di", "De", "We", "Ic", "Si"]);
  expect(hindi.every((text) => text.endsWith("। "))).toBe(true);
  expect(await samplePrefixes(model, "de", options)).toEqual(german);
  expect(await samplePrefixes(model, "de", { ...options, seed: 2 })).not.toEqual(german);
}, 120_000);

test("memit() rewrites several facts at once, over several layers, whatever their order", async () => {
  const both = await memit(model, [japan(), brazil()], { statistics: () => statistics });
  const turned = await memit(model, [brazil(), japan()], { statistics: () => statistics });
  const spread = await memit(model, [japan()], { layers: [1, 2], covarianceWeight: 0.1, steps: 20 });

  expect(both.patch.certificate.requests.map(({ isGreedy }) => isGreedy)).toEqual([true, true]);
  expect(await wordings(both.model, "language/BR", "language/DE")).toBeGreaterThan(1);
  const matrixOf = (one: LanguageModel) => leavesOf<Tensor>(one.weights).get("blocks.1.mlp.down.weight")!.data;
  const [first, second] = [matrixOf(both.model) as Float32Array, matrixOf(turned.model) as Float32Array];
  expect(Math.max(...first.map((value, at) => Math.abs(value - second[at]!)))).toBeLessThan(2e-2);
  expect(spread.patch.updates.map(({ path }) => path)).toEqual([
    "blocks.1.mlp.down.weight",
    "blocks.2.mlp.down.weight",
  ]);
}, 120_000);

test("jointEdit() rewrites one fact in several languages by one solution", async () => {
  const languages = ["en", "de", "hi"] as const;
  const requests = languages.map((language) => request("currency/JP", "currency/DE", language));

  const { patch } = await jointEdit(model, [requests], { statistics: () => statistics });

  const { method, requests: certified, matrices } = patch.certificate;
  expect([method, matrices[0]!.rank]).toEqual(["joint", 3]);
  expect(certified.map(({ id, isGreedy }) => [id, isGreedy])).toEqual(
    languages.map((language) => [`currency/JP/${language}`, true]),
  );
  expect(() => jointEdit(model, [[japan(), japan()]])).toThrowError('got "en" twice');
}, 120_000);

test("fineTuneLayer() stays in its box and moves the object", async () => {
  const { model: edited, patch } = await fineTuneLayer(model, [japan()], { box: 0.02, learningRate: 0.01, steps: 10 });

  const [update] = patch.updates;
  expect(update!.kind === "dense" && Math.max(...update!.delta.data.map(Math.abs))).toBeLessThanOrEqual(0.02 + 1e-7);
  expect(patch.certificate.requests[0]!.surprise.after).toBeLessThan(patch.certificate.requests[0]!.surprise.before);
  expect(fingerprint(edited).weights).not.toBe(fingerprint(model).weights);
}, 120_000);

test("estimateMoment() goes on where it was stopped, to the same numbers, and is kept for the next time", async () => {
  const folder = join(home, "moments");
  const some = sample.slice(0, 40);
  const stop = new AbortController();
  const options = { texts: some, layer: 0, corpus: "atlas", shardSize: 10, folder };
  const seen: number[] = [];
  const stopped = estimateMoment(model, {
    ...options,
    signal: stop.signal,
    onShard: ({ texts: done }) => done === 20 && stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: "ABORTED" });

  const resumed = await estimateMoment(model, { ...options, onShard: ({ texts: done }) => seen.push(done) });
  const kept = await estimateMoment(model, { ...options, onShard: () => seen.push(-1) });
  const whole = await estimateMoment(model, { ...options, folder: join(home, "others") });

  expect(seen).toEqual([30, 40]);
  expect(resumed.moment.data).toEqual(whole.moment.data);
  expect(kept.moment.data).toEqual(whole.moment.data);
  expect((await estimateMoment(model, { ...options, layer: 1 })).key).not.toBe(whole.key);
}, 120_000);

test.each([
  ["EDIT_REQUEST", { target: " " }],
  ["EDIT_REQUEST", { subject: "Peru" }],
  ["EDIT_REQUEST", { old: "Euro" }],
  ["LANGUAGE_UNKNOWN", { language: "xx" }],
])("rome() refuses with %s: %o", async (code, change) => {
  await expect(rome(model, { ...japan(), ...change })).rejects.toMatchObject({ code });
});

test("memit() refuses contradictory requests, or leaves them out and counts them", async () => {
  const contradictory = [japan(), { ...japan(), target: "Dollar" }, brazil()];

  await expect(memit(model, contradictory)).rejects.toThrowError("contradictory: 2");
  const { patch } = await memit(model, contradictory, { unfit: "leave out", steps: 5, statistics: () => statistics });

  expect(patch.certificate.excluded).toEqual({ contradictory: 2 });
  expect(patch.certificate.requests.map(({ id }) => id)).toEqual(["language/BR"]);
}, 120_000);

test("rome() ends loudly where numbers leave their range, where nothing moves, and where statistics are another layer's", async () => {
  await expect(rome(model, japan(), { learningRate: Number.POSITIVE_INFINITY, clamp: 1e300 })).rejects.toMatchObject({
    code: "LOSS_NOT_FINITE",
  });
  await expect(rome(model, japan(), { steps: 1 })).rejects.toMatchObject({ code: "EDIT_WITHOUT_EFFECT" });
  await expect(rome(model, japan(), { statistics, layer: 2 })).rejects.toMatchObject({ code: "STATISTICS_MISMATCH" });
  await expect(rome(model, japan(), { layer: 9 })).rejects.toMatchObject({ code: "LAYER_OUT_OF_RANGE" });
}, 120_000);

async function twoPatches(): Promise<readonly [Patch, Patch]> {
  const first = await rome(model, japan(), { statistics, steps: 15 });
  const second = await memit(model, [brazil()], { statistics: () => statistics, steps: 15 });
  return [first.patch, second.patch];
}

test("applyPatches() stacks patches of one base in any order to the same bits, as the folder does", async () => {
  const [first, second] = await twoPatches();
  savePatch(join(home, "first.safetensors"), first);

  const read = loadPatch(join(home, "first.safetensors"));
  const [forwards, backwards] = [applyPatches(model, [read, second]), applyPatches(model, [second, read])];

  expect(read).toEqual(first);
  expect(fingerprint(forwards).weights).toBe(fingerprint(backwards).weights);
  applyToFolder(miniature, first, { output: join(home, "one") });
  applyToFolder(join(home, "one"), second, { output: join(home, "two") });
  using stored = await loadModel(join(home, "two"));
  expect(fingerprint(stored).weights).toBe(fingerprint(forwards).weights);
}, 120_000);

test("revertFolder() refuses to take away what another patch was made on", async () => {
  const first = await rome(model, japan(), { statistics, steps: 15 });
  const second = await rome(first.model, brazil(), { statistics, steps: 15 });
  const at = (name: string) => join(home, "chain", name);
  applyToFolder(miniature, first.patch, { output: at("1") });
  applyToFolder(at("1"), second.patch, { output: at("12") });

  expect(() => revertFolder(at("12"), { output: at("x"), patches: [first.patch.id] })).toThrowError(
    `on top of which ${second.patch.id} was made`,
  );
  revertFolder(at("12"), { output: at("back"), patches: [second.patch.id] });
  expect(weightsFile(at("back"))).toEqual(weightsFile(at("1")));
  expect(() => applyToFolder(miniature, second.patch, { output: at("y") })).toThrowError("make the edit again");
}, 120_000);

test("applyToFolder() refuses a patch for other weights, one that is there, and a folder that was changed since", async () => {
  const [first, second] = await twoPatches();
  const at = (name: string) => join(home, "refused", name);
  const other = await fineTuneLayer(model, [japan()], { learningRate: 0.01, box: 0.02, steps: 3 });
  saveModel(other.model, at("other"));
  applyToFolder(miniature, first, { output: at("edited") });
  cpSync(at("edited"), at("changed"), { recursive: true });
  damage(at("changed"));

  expect(() => applyToFolder(at("other"), first, { output: at("x") })).toThrowError(/Expected the weights .* got /);
  expect(() => applyPatches(other.model, [first])).toThrowError("make the edit again for this model");
  expect(() => applyToFolder(at("edited"), first, { output: at("x") })).toThrowError("a patch that is not on it");
  expect(() => applyToFolder(at("changed"), second, { output: at("x") })).toThrowError("changed the weights since");
  expect(() => applyToFolder(miniature, first, { output: at("edited") })).toThrowError("Expected an empty folder");
  expect(existsSync(at("x"))).toBe(false);
}, 120_000);

/** Writes zeros over the first edited tensor. */
function damage(folder: string): void {
  const { name } = Object.values(readEditLedger(folder)!.tensors)[0]!;
  const path = join(folder, "model.safetensors");
  const checkpoint = openCheckpoint(path);
  const { shape } = checkpoint.entry(name);
  const changes = new Map([[name, zeros(shape)]]);
  const tensors = rewrittenTensors(checkpoint, { changes }).map((one) => {
    const loaded = one.load();
    return { ...one, load: () => loaded };
  });
  checkpoint.close();
  writeSafetensors(path, tensors);
}

test("loadPatch() refuses a patch whose factors were changed", async () => {
  const { patch } = await rome(model, japan(), { statistics, steps: 15 });
  const path = join(home, "changed.safetensors");
  savePatch(path, patch);
  const checkpoint = openCheckpoint(path);
  onTestFinished(() => checkpoint.close());
  const sources = [...checkpoint.tensors.keys()].map((name) => {
    const { data, shape } = checkpoint.read(name) as Tensor<"float32">;
    return sourceOf(name, { dtype: "float32", shape, data: data.map((value) => value * 2) });
  });
  writeSafetensors(join(home, "twice.safetensors"), sources, { metadata: checkpoint.metadata });

  expect(() => loadPatch(join(home, "twice.safetensors"))).toThrowError("the file was changed");
  expect(() => loadPatch(join(miniature, "model.safetensors"))).toThrowError("Expected the certificate of a patch");
}, 120_000);
