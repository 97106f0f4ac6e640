import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tensor } from "#base";
import {
  copySettings,
  openCheckpoint,
  readModelConfig,
  rewrittenTensors,
  sourceOf,
  writeModelConfig,
  writeModelFolder,
} from "#formats";
import { scratchFolder } from "./scratch-folder.ts";

const configText = `{
  "model_type": "llama",
  "rms_norm_eps": 1e-05,
  "rope_theta": 10000.0,
  "model_max_length": 1000000000000000019884624838656,
  "tie_word_embeddings": true,
  "something_new": {"kept": [1, 2.50]}
}`;

function sourceFolder(): string {
  const folder = join(scratchFolder(), "source");
  writeModelFolder(folder, {
    tensors: [
      sourceOf("model.norm.weight", tensor([2], [1, 2]), "BF16"),
      sourceOf("model.embed.weight", tensor([3, 2], [1, 2, 3, 4, 5, 6]), "F16"),
      sourceOf("counts", tensor([1], [7n], "int64")),
    ],
    metadata: { origin: "test" },
  });
  writeFileSync(join(folder, "config.json"), configText);
  writeFileSync(join(folder, "tokenizer.json"), '{ "odd":   spacing }');
  writeFileSync(join(folder, "chat_template.jinja"), "{{ x }}\r\n");
  writeFileSync(join(folder, "README.md"), "not a setting");
  mkdirSync(join(folder, "additional_chat_templates"));
  writeFileSync(join(folder, "additional_chat_templates/rag.jinja"), "r");
  return folder;
}

test("writeModelConfig() keeps unknown keys and the spelling of numbers", () => {
  const [from, folder] = [sourceFolder(), scratchFolder()];

  writeModelConfig(folder, { from, changes: { tie_word_embeddings: false, added: [1] } });

  const text = readFileSync(join(folder, "config.json"), "utf8");
  for (const kept of ["1e-05", "10000.0", "1000000000000000019884624838656", "2.50", '"llama"'])
    expect(text).toContain(kept);
  expect(readModelConfig(folder)).toEqual({ ...JSON.parse(configText), tie_word_embeddings: false, added: [1] });
  expect(Object.keys(readModelConfig(folder)).at(-1)).toBe("added");
});

test("readModelConfig() says what is wrong with a file", () => {
  const folder = scratchFolder();
  expect(() => readModelConfig(folder)).toThrow("found none");

  writeFileSync(join(folder, "config.json"), "[]");
  expect(() => readModelConfig(folder)).toThrow("Expected an object");
  writeFileSync(join(folder, "config.json"), "{");
  expect(() => readModelConfig(folder)).toThrow("Expected JSON");
});

test("copySettings() copies tokenizer and templates byte for byte, and neither weights nor configuration", () => {
  const [from, to] = [sourceFolder(), scratchFolder()];

  const copied = copySettings(from, to);

  expect(copied).toEqual(["additional_chat_templates/rag.jinja", "chat_template.jinja", "tokenizer.json"]);
  for (const name of copied) expect(readFileSync(join(to, name))).toEqual(readFileSync(join(from, name)));
});

test("rewrittenTensors() leaves what is unchanged to the byte, and rounds changes to the type of the source", () => {
  const from = sourceFolder();
  const folder = join(scratchFolder(), "edited");
  using source = openCheckpoint(from);
  const changes = new Map([["model.norm.weight", () => tensor([2], [1.00390625, 1.01171875])]]); // both halfway

  writeModelFolder(folder, { from, tensors: rewrittenTensors(source, { changes }), metadata: source.metadata });

  using edited = openCheckpoint(folder);
  expect([...edited.tensors.keys()].sort()).toEqual([...source.tensors.keys()].sort());
  expect(edited.entry("model.norm.weight").storage).toBe("BF16");
  expect([...edited.read("model.norm.weight").data]).toEqual([1, 1.015625]); // ties to even
  for (const name of ["model.embed.weight", "counts"]) expect(edited.readRaw(name)).toEqual(source.readRaw(name));
  expect(edited.metadata).toEqual({ format: "pt", origin: "test" });
  expect(readFileSync(join(folder, "config.json"), "utf8")).toContain("1e-05");
  expect(existsSync(join(folder, "README.md"))).toBe(false);
});

test("rewrittenTensors() changes the number type of floats on request, and refuses what does not fit", () => {
  using source = openCheckpoint(sourceFolder());

  const wide = rewrittenTensors(source, { storage: "F32" });
  expect(Object.fromEntries(wide.map(({ name, storage }) => [name, storage]))).toEqual({
    "model.norm.weight": "F32",
    "model.embed.weight": "F32",
    counts: "I64",
  });
  const unknown = new Map([["model.norm.wieght", tensor([2], [1, 2])]]);
  expect(() => rewrittenTensors(source, { changes: unknown })).toThrow('the closest name is "model.norm.weight"');
  const misshapen = rewrittenTensors(source, { changes: new Map([["model.norm.weight", tensor([1], [1])]]) });
  expect(() => misshapen.find(({ name }) => name === "model.norm.weight")!.load()).toThrow("got [1]");
});

test("writeModelFolder() spreads large models over shards, and does not write over another", () => {
  const from = sourceFolder();
  const folder = join(scratchFolder(), "sharded");
  using source = openCheckpoint(from);
  const tensors = rewrittenTensors(source);

  writeModelFolder(folder, { from, tensors, maxShardBytes: 8 });

  expect(readdirSync(folder)).toContain("model.safetensors.index.json");
  using sharded = openCheckpoint(folder);
  expect(sharded.readRaw("model.embed.weight")).toEqual(source.readRaw("model.embed.weight"));
  expect(() => writeModelFolder(folder, { from, tensors })).toThrow("found files");
  writeModelFolder(folder, { from, tensors, overwrite: true, config: { changed: true } });
  expect(readdirSync(folder)).not.toContain("model.safetensors.index.json");
  expect(readModelConfig(folder)).toMatchObject({ changed: true, model_type: "llama" });
});

const shared = join(
  process.env.ASSAY_SHARED ?? join(import.meta.dirname, "../../../shared"),
  "weights/tinystories-656k-hf",
);

test.skipIf(!existsSync(shared))(
  "writeModelFolder() writes a real checkpoint again as it was, tied head included (needs ../shared)",
  () => {
    const folder = join(scratchFolder(), "again");
    using source = openCheckpoint(shared);

    writeModelFolder(folder, { from: shared, tensors: rewrittenTensors(source), metadata: source.metadata });

    using again = openCheckpoint(folder);
    expect([...again.tensors.keys()].sort()).toEqual([...source.tensors.keys()].sort());
    expect(again.metadata).toEqual(source.metadata);
    for (const name of source.tensors.keys()) expect(again.readRaw(name)).toEqual(source.readRaw(name));
    expect(readFileSync(join(folder, "tokenizer.json"))).toEqual(readFileSync(join(shared, "tokenizer.json")));
  },
);
