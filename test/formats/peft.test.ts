import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tensor } from "#base";
import {
  type LowRankUpdate,
  openCheckpoint,
  readAdapter,
  scalingOf,
  sourceOf,
  writeAdapter,
  writeSafetensors,
} from "#formats";
import golden from "../golden/formats/peft.golden.json" with { type: "json" };
import { scratchFolder } from "./scratch-folder.ts";

type Case = {
  name: string;
  config: Record<string, unknown>;
  weights: string;
  deltas: Record<string, { shape: number[]; values: number[]; scaling: number }>;
  saved: Record<string, number[]>;
};

const cases = golden.cases as unknown as Case[];

function folderOf({ config, weights }: Pick<Case, "config" | "weights">): string {
  const folder = scratchFolder();
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(config));
  writeFileSync(join(folder, "adapter_model.safetensors"), Buffer.from(weights, "base64"));
  return folder;
}

/** s · B · A, transposed for an embedding, as PEFT computes it. */
function difference({ down, up, scaling, embedding }: LowRankUpdate): { shape: number[]; values: number[] } {
  const [rank, inputs] = down.shape as [number, number];
  const outputs = up.shape[0]!;
  const at = (out: number, input: number): number => {
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += Number(up.data[out * rank + r]) * Number(down.data[r * inputs + input]);
    return sum * scaling;
  };
  const [rows, columns] = embedding ? [inputs, outputs] : [outputs, inputs];
  const values = Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    return embedding ? at(column, row) : at(row, column);
  });
  return { shape: [rows, columns], values };
}

test.each(cases)("readAdapter() gives the differences that PEFT computes: $name", (made) => {
  const { updates, saved, config } = readAdapter(folderOf(made));

  expect([...updates.keys()].sort()).toEqual(Object.keys(made.deltas).sort());
  for (const [module, { shape, values, scaling }] of Object.entries(made.deltas)) {
    const found = difference(updates.get(module)!);
    expect(scalingOf(config, module)).toBeCloseTo(scaling, 12);
    expect(found.shape, module).toEqual(shape);
    for (const [at, value] of values.entries()) expect(found.values[at]).toBeCloseTo(value, 5);
  }
  expect(Object.fromEntries([...saved].map(([name, { data }]) => [name, [...data]]))).toEqual(made.saved);
});

test.each(cases)("writeAdapter() writes PEFT's tensors, byte for byte, and its settings: $name", (made) => {
  const folder = scratchFolder();

  writeAdapter(folder, readAdapter(folderOf(made)));

  expect(readFileSync(join(folder, "adapter_model.safetensors"))).toEqual(Buffer.from(made.weights, "base64"));
  const written = JSON.parse(readFileSync(join(folder, "adapter_config.json"), "utf8"));
  const { inference_mode: _, init_lora_weights: __, ...settings } = written;
  expect(made.config).toMatchObject(settings);
  expect(readAdapter(folder)).toEqual(readAdapter(folderOf(made)));
});

const plain = cases[0]!;
const withKeys = (keys: object): string => folderOf({ ...plain, config: { ...plain.config, ...keys } });

test("readAdapter() ignores an unknown key that says nothing, and refuses by name one that does", () => {
  expect(() => readAdapter(withKeys({ new_in_2027: null, another: false, third: {}, fourth: [] }))).not.toThrow();
  for (const [key, value] of Object.entries({
    new_in_2027: "fast",
    use_dora: true,
    layer_replication: [[0, 1]],
    lora_bias: true,
    target_parameters: ["x"],
    peft_type: "IA3",
    init_lora_weights: "pissa",
    bias: "some",
    r: 0,
    lora_alpha: "8",
    target_modules: [1],
  })) {
    expect(() => readAdapter(withKeys({ [key]: value })), key).toThrow(`got ${key} = ${JSON.stringify(value)}`);
  }
});

test("readAdapter() refuses weights that disagree with the settings, or are no LoRA", () => {
  expect(() => readAdapter(withKeys({ r: 3 }))).toThrow("Expected A [3, in] and B [out, 3]");
  const folder = folderOf(plain);
  const write = (name: string) =>
    writeSafetensors(join(folder, "adapter_model.safetensors"), [sourceOf(name, tensor([2, 2], [1, 2, 3, 4]))]);
  write("base_model.model.q.lora_magnitude_vector.weight");
  expect(() => readAdapter(folder)).toThrow("lora_magnitude_vector");
  write("q.lora_A.weight");
  expect(() => readAdapter(folder)).toThrow('got "q.lora_A.weight"');
  write("base_model.model.q.lora_A.weight");
  expect(() => readAdapter(folder)).toThrow("got [2, 2] and none");
});

test("readAdapter() takes the names that PEFT's own state dictionary has", () => {
  const folder = folderOf(plain);
  const one = tensor([2, 2], [1, 2, 3, 4]);
  writeSafetensors(join(folder, "adapter_model.safetensors"), [
    sourceOf("base_model.model.q.lora_A.default.weight", one),
    sourceOf("base_model.model.q.lora_B.default.weight", one),
    sourceOf("base_model.model.head.modules_to_save.default.weight", one),
  ]);

  const { updates, saved } = readAdapter(folder);

  expect([[...updates.keys()], [...saved.keys()]]).toEqual([["q"], ["head.weight"]]);
});

test("writeAdapter() stores in a narrower type on request, and refuses a scaling that PEFT would not compute", () => {
  const folder = scratchFolder();
  const adapter = readAdapter(folderOf(plain));
  const [[module, update]] = [...adapter.updates] as [[string, LowRankUpdate]];

  writeAdapter(folder, adapter, { storage: "BF16" });

  using written = openCheckpoint(folder);
  expect(new Set([...written.tensors.values()].map(({ storage }) => storage))).toEqual(new Set(["BF16"]));
  const scaled = new Map([[module, { ...update, scaling: 1 }]]);
  expect(() => writeAdapter(folder, { ...adapter, updates: scaled })).toThrow("Expected the scaling 4");
});

test.each(["(", "(?P<name>q)"])("readAdapter() refuses the pattern %s, which is no expression here", (pattern) => {
  const { config, weights } = cases[0]!;

  expect(() => readAdapter(folderOf({ config: { ...config, rank_pattern: { [pattern]: 4 } }, weights }))).toThrow(
    "got rank_pattern = ",
  );
});
