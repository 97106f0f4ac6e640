import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import { openCheckpoint } from "#formats";
import { LanguageModel, loadModel, saveModel, sourceOf, trace, type WeightTensors } from "#models";
import { scratchFolder } from "../formats/scratch-folder.ts";
import { fixture, openFixture, someIds } from "./fixtures.ts";

const names = ["llama", "mistral", "qwen3", "gemma", "gemma2", "gpt2", "neox", "olmo", "olmo-original"];

test.each(names)(
  "saveModel() of %s writes every tensor back to the bit, under its name and in its number type",
  async (name) => {
    const model = await openFixture(name);
    const folder = join(scratchFolder(), "saved");

    saveModel(model, folder);

    using first = openCheckpoint(fixture(name));
    using second = openCheckpoint(folder);
    expect([...second.tensors.keys()].sort()).toEqual([...first.tensors.keys()].sort());
    for (const tensor of first.tensors.keys()) {
      expect(second.entry(tensor).storage).toBe(first.entry(tensor).storage);
      expect(second.readRaw(tensor), tensor).toEqual(first.readRaw(tensor));
    }
    const config = (place: string) => JSON.parse(readFileSync(join(place, "config.json"), "utf8"));
    expect(config(folder)).toEqual(config(fixture(name)));
  },
);

test("saveModel() with other weights is a model that computes with them", async () => {
  const model = await openFixture("neox");
  const folder = join(scratchFolder(), "saved");
  for (const { data } of leavesOf<Tensor>(model.weights).values()) (data as Float32Array)[0]! += 0.25;
  const { taps: expected } = await trace(model, { ids: someIds(5) });

  saveModel(model, folder, { config: { edited_by: "a test" } });

  using again = await loadModel(folder);
  const { taps: found } = await trace(again, { ids: someIds(5) });
  expect(found.logits).toEqual(expected.logits);
  expect(again.warnings).toEqual([expect.stringContaining("unknown keys: edited_by")]);
});

test("saveModel() of a model made in memory needs a config.json, and is then a folder like any other", async () => {
  const { family, config, plan, weights } = await openFixture("llama");
  const model = new LanguageModel({ name: "made", family, config, plan, source: sourceOf(weights) });
  const folder = join(scratchFolder(), "saved");

  expect(() => saveModel(model, folder)).toThrow("Expected a config.json for a model made in memory");
  saveModel(model, folder, {
    config: JSON.parse(readFileSync(join(fixture("llama"), "config.json"), "utf8")),
    storage: "BF16",
  });

  using again = await loadModel(folder);
  using checkpoint = openCheckpoint(folder);
  expect(again.config).toEqual(config);
  expect(new Set([...checkpoint.tensors.values()].map(({ storage }) => storage))).toEqual(new Set(["BF16"]));
});

test("saveModel() writes over nothing unless it is told to", async () => {
  const model = await openFixture("gpt2");
  const folder = join(scratchFolder(), "saved");
  saveModel(model, folder);

  expect(() => saveModel(model, folder)).toThrow("Expected an empty folder");
  expect(() => saveModel(model, folder, { overwrite: true })).not.toThrow();
});

test("LanguageModel.over() is the same model over other weights, and withWeights() leaves the first one as it was", async () => {
  using model = await loadModel(fixture("llama"));
  const ids = someIds(5);
  const before = await trace(model, { ids });
  const halved = mapTree(model.weights, (leaf) => {
    const { dtype, shape, data } = leaf as Tensor<"float32">;
    return { dtype, shape, data: data.map((value) => value / 2) };
  });

  const other = model.withWeights(halved as WeightTensors);
  const back = other.over(model.source);

  expect([other.name, other.folder, other.tokenizer]).toEqual([model.name, model.folder, model.tokenizer]);
  expect((await trace(other, { ids })).taps.logits).not.toEqual(before.taps.logits);
  expect((await trace(back, { ids })).taps.logits).toEqual(before.taps.logits);
  expect((await trace(model, { ids })).taps.logits).toEqual(before.taps.logits);
});
