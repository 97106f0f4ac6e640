// Exercises: src/methods/editing/folder-state.ts src/methods/editing/patch-levels.ts src/methods/editing/edit-ledger.ts
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stream, type Tensor, tensor } from "#base";
import { openCheckpoint, sourceOf, writeSafetensors } from "#formats";
import { type LanguageModel, loadModel } from "#models";
import { withPatched } from "./certify.ts";
import {
  applyPatches,
  applyToFolder,
  fingerprint,
  loadPatch,
  readEditLedger,
  revertFolder,
  savePatch,
} from "./index.ts";
import { makePatch, type Patch, type PatchUpdate } from "./patch.ts";

const home = mkdtempSync(join(tmpdir(), "assay-edited-folder-"));
afterAll(() => rmSync(home, { recursive: true }));
const goldens = join(import.meta.dirname, "../../../test/golden/methods");
const [safe, torch] = [join(goldens, "editing-llama"), join(goldens, "editing-llama-bin")];
const at = (...names: string[]): string => join(home, ...names);

/** A patch of rank one for the weights that a model has now, drawn from a seed. */
function drawnPatch(model: LanguageModel, seed: number, layers: readonly number[] = [1]): Patch {
  const random = stream(seed, "patch");
  const draw = (length: number) => Float32Array.from({ length }, () => 0.3 * random.normal());
  const updates = layers.map((layer): PatchUpdate => {
    const path = `blocks.${layer}.mlp.down.weight`;
    return { path, kind: "low-rank", down: tensor([24, 1], draw(24)), up: tensor([1, 16], draw(16)) };
  });
  const { weights: base } = fingerprint(model);
  const named = { format: "assay-patch", version: 1, method: `drawn-${seed}`, model: model.name, base } as const;
  const matrices = updates.map(({ path }) => ({ path })) as unknown as Patch["certificate"]["matrices"];
  return makePatch(updates, { ...named, settings: {}, matrices, requests: [], excluded: {}, warnings: [] });
}

const weightFiles = (folder: string): Record<string, Buffer> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => /\.(safetensors|bin)$/.test(name))
      .map((name) => [name, readFileSync(join(folder, name))]),
  );

async function weightsAt(folder: string): Promise<string> {
  using model = await loadModel(folder);
  return fingerprint(model).weights;
}

test.each([
  ["safetensors", safe],
  ["torch.save", torch],
])(
  "applyPatches() and applyToFolder() build a tower of edits to the same bits in a folder of %s",
  async (name, folder) => {
    using model = await loadModel(folder);
    const first = drawnPatch(model, 1);
    const second = drawnPatch(withPatched(model, first.updates), 2);
    const third = drawnPatch(withPatched(withPatched(model, first.updates), second.updates), 3, [1, 2]);
    const beside = drawnPatch(model, 4, [2]);

    const tower = [first, second, third];
    applyToFolder(folder, first, { output: at(name, "1") });
    applyToFolder(at(name, "1"), second, { output: at(name, "12") });
    applyToFolder(at(name, "12"), third, { output: at(name, "123") });
    applyToFolder(at(name, "12"), beside, { output: at(name, "124") });

    expect(await weightsAt(at(name, "123"))).toBe(fingerprint(applyPatches(model, tower)).weights);
    const orders = [
      [first, second, beside],
      [beside, first],
    ];
    expect(await weightsAt(at(name, "124"))).toBe(fingerprint(applyPatches(model, orders[0]!)).weights);
    expect(() => applyPatches(model, [beside, first, second])).toThrowError("make the edit again");
    expect(readEditLedger(at(name, "123"))!.patches.map(({ needs }) => needs)).toEqual([
      [],
      [first.id],
      [first.id, second.id],
    ]);
  },
);

test.each([
  ["safetensors", safe],
  ["torch.save", torch],
])("revertFolder() ends with the bytes from before, in any order, in a folder of %s", async (name, folder) => {
  using model = await loadModel(folder);
  const [one, other] = [drawnPatch(model, 1), drawnPatch(model, 2, [1, 2])];
  const path = (step: string) => at(`revert-${name}`, step);
  applyToFolder(folder, one, { output: path("1") });
  applyToFolder(path("1"), other, { output: path("12") });
  applyToFolder(folder, other, { output: path("2") });

  revertFolder(path("12"), { output: path("12-1"), patches: [one.id] });
  revertFolder(path("12-1"), { output: path("none") });
  revertFolder(path("12"), { output: path("neither") });

  expect(weightFiles(path("12-1"))).toEqual(weightFiles(path("2")));
  expect(weightFiles(path("none"))).toEqual(weightFiles(folder));
  expect(weightFiles(path("neither"))).toEqual(weightFiles(folder));
  expect(readdirSync(path("none")).sort()).toEqual(readdirSync(folder).sort());
});

test("applyToFolder() leaves nothing behind where the change cannot be written", async () => {
  using model = await loadModel(torch);
  const large = drawnPatch(model, 5);
  const beyond = {
    ...large,
    updates: large.updates.map((one) => ({ ...one, down: tensor([24, 1], new Float32Array(24).fill(1e9)) })),
  };

  expect(() => applyToFolder(torch, beyond as Patch, { output: at("beyond") })).toThrowError("that fit F16");
  expect(readdirSync(home)).not.toContain("beyond");
});

test("applyToFolder() says which of its records a folder has lost or has damaged", async () => {
  using model = await loadModel(safe);
  const [one, other] = [drawnPatch(model, 1), drawnPatch(model, 2)];
  applyToFolder(safe, one, { output: at("whole") });
  const damagedBy = (name: string, damage: (folder: string) => void): string => {
    cpSync(at("whole"), at(name), { recursive: true });
    damage(join(at(name), "edits"));
    return at(name);
  };
  const text = damagedBy("text", (edits) => writeFileSync(join(edits, "ledger.json"), "{"));
  const shape = damagedBy("shape", (edits) => writeFileSync(join(edits, "ledger.json"), '{"version":1}'));
  const originals = damagedBy("originals", (edits) => rmSync(join(edits, "originals.safetensors")));
  const patch = damagedBy("patch", (edits) => rmSync(join(edits, `${one.id}.safetensors`)));

  const output = at("never");
  expect(() => applyToFolder(text, other, { output })).toThrowError("ledger.json, got text that is no JSON");
  expect(() => applyToFolder(shape, other, { output })).toThrowError(/ledger\.json, got ".*" at base; restore it/);
  expect(() => applyToFolder(originals, other, { output })).toThrowError("originals.safetensors");
  expect(() => applyToFolder(patch, other, { output })).toThrowError(`${one.id}.safetensors`);
  expect(() => revertFolder(safe, { output })).toThrowError("Expected patches on it, found none");
});

/** A patch's file with other metadata. */
function rewritten(patch: Patch, metadata: Readonly<Record<string, string>>): string {
  const [whole, changed] = [at("patch.safetensors"), at("rewritten.safetensors")];
  savePatch(whole, patch);
  using file = openCheckpoint(whole);
  const sources = [...file.tensors.keys()].map((name) => sourceOf(name, file.read(name) as Tensor));
  writeSafetensors(changed, sources, { metadata: { ...file.metadata, ...metadata } });
  return changed;
}

test.each([
  ["text that is no JSON", { certificate: "{" }],
  ['"Invalid input: expected object, received null" at its top', { certificate: "null" }],
  ["at version", { certificate: '{"format":"assay-patch","version":2}' }],
  ["at matrices", { certificate: '{"format":"assay-patch","version":1,"method":"rome","model":"m","base":"b"}' }],
  ["the file was changed", { id: "0123456789abcdef" }],
])("loadPatch() refuses a file that was damaged: %s", async (message, metadata) => {
  using model = await loadModel(safe);

  const path = rewritten(drawnPatch(model, 1), metadata as Readonly<Record<string, string>>);

  expect(() => loadPatch(path)).toThrowError(expect.objectContaining({ code: "PATCH_INVALID" }));
  expect(() => loadPatch(path)).toThrowError(message);
});

test("loadPatch() refuses a file that is cut short, and one that lacks a matrix", async () => {
  using model = await loadModel(safe);
  const patch = drawnPatch(model, 1, [1, 2]);
  savePatch(at("whole.safetensors"), patch);
  const bytes = readFileSync(at("whole.safetensors"));
  writeFileSync(at("cut.safetensors"), bytes.subarray(0, bytes.length - 8));
  using file = openCheckpoint(at("whole.safetensors"));
  const fewer = [...file.tensors.keys()].slice(1).map((name) => sourceOf(name, file.read(name) as Tensor));
  writeSafetensors(at("fewer.safetensors"), fewer, { metadata: file.metadata });

  expect(() => loadPatch(at("cut.safetensors"))).toThrowError(expect.objectContaining({ code: "CHECKPOINT_INVALID" }));
  expect(() => loadPatch(at("fewer.safetensors"))).toThrowError(
    /has no tensor "blocks\.\d\.mlp\.down\.weight\.(down|up)"/,
  );
  expect(loadPatch(at("whole.safetensors"))).toEqual(patch);
});
