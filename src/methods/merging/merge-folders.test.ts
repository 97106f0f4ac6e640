import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stream, type Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import {
  type MergeConfig,
  parseMergeConfig,
  readModelConfig,
  readTokenizerJson,
  sourceOf,
  writeModelFolder,
} from "#formats";
import { type LanguageModel, loadModel, openModelFolder, saveModel, type WeightTensors } from "#models";
import { mergeFolders } from "./merge-folders.ts";
import { mergeLoaded } from "./merge-loaded.ts";

const home = mkdtempSync(join(tmpdir(), "assay-merging-"));
afterAll(() => rmSync(home, { recursive: true }));
const base = `${import.meta.dirname}/../../../test/golden/models/llama`;

/** The tiny Llama with every weight moved a little. */
async function moved(seed: number): Promise<string> {
  const folder = join(home, `moved-${seed}`);
  using model = await loadModel(base);
  const random = stream(seed, "moved");
  const weights = mapTree(model.weights, (leaf) => {
    const { data, ...rest } = leaf as Tensor<"float32">;
    return { ...rest, data: data.map((number) => number + 0.05 * random.normal()) };
  }) as WeightTensors;
  saveModel(model, folder, { weights });
  return folder;
}

/** The tiny Llama with one more token, whose row is all `value`. */
async function wider(token: string, value: number): Promise<string> {
  const folder = join(home, `wider-${token.length}-${value}`);
  const { checkpoint, plan } = openModelFolder(base);
  const json = readTokenizerJson(base);
  const vocab = json.model.vocab as Record<string, number>;
  const size = Object.keys(vocab).length;
  const rows = new Set([plan.embedding.token.name, plan.unembedding!.name]);
  const tensors = [...checkpoint.tensors.values()].map(({ name }) => {
    const { data, shape, ...rest } = checkpoint.read(name) as Tensor<"float32">;
    if (!rows.has(name)) return sourceOf(name, { ...rest, shape, data });
    const row = new Float32Array(shape[1]!).fill(value);
    return sourceOf(name, { ...rest, shape: [shape[0]! + 1, shape[1]!], data: Float32Array.from([...data, ...row]) });
  });
  const tokenizer = { ...json, model: { ...json.model, vocab: { ...vocab, [token]: size } } };
  const files = { "tokenizer.json": JSON.stringify(tokenizer) };
  writeModelFolder(folder, { tensors, from: base, config: { vocab_size: size + 1 }, files });
  checkpoint.close();
  return folder;
}

const [first, second] = [await moved(1), await moved(2)];
const numbersOf = (model: LanguageModel) =>
  [...leavesOf<Tensor>(model.weights).values()].flatMap(({ data }) => [...(data as Float32Array)]);
let merges = 0;

async function merged(config: MergeConfig, seed = 0): Promise<{ numbers: number[]; folder: string }> {
  const folder = join(home, `merged-${merges++}`);
  await mergeFolders(config, folder, { seed });
  using model = await loadModel(folder);
  return { numbers: numbersOf(model), folder };
}

async function numbersIn(folder: string): Promise<number[]> {
  using model = await loadModel(folder);
  return numbersOf(model);
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [at, number] of found.entries()) expect(Math.abs(number - expected[at]!)).toBeLessThan(1e-6);
}

test.each(["task_arithmetic", "ties", "dare_linear", "dare_ties"])(
  "mergeFolders() by %s of one model of weight and density one gives that model back",
  async (method) => {
    const settings = { weight: 1, density: 1 };

    const { numbers } = await merged({ method, baseModel: base, models: [{ model: first, settings }], settings: {} });

    expectClose(numbers, await numbersIn(first));
  },
);

test("mergeFolders() by linear of a model with itself gives that model back", async () => {
  const models = [first, first].map((model) => ({ model, settings: { weight: 0.5 } }));

  const { numbers } = await merged({ method: "linear", models, settings: {} });

  expectClose(numbers, await numbersIn(first));
});

test.each([
  [0, base],
  [1, first],
])("mergeFolders() by slerp at t = %d ends at one of its models", async (t, expected) => {
  const { numbers } = await merged({
    method: "slerp",
    baseModel: base,
    models: [
      { model: base, settings: {} },
      { model: first, settings: {} },
    ],
    settings: { t },
  });

  expectClose(numbers, await numbersIn(expected));
});

test("mergeLoaded() and mergeFolders() agree", async () => {
  const settings = { weight: 0.6, density: 0.4 };
  const models = [first, second].map((model) => ({ model, settings }));
  using start = await loadModel(base);
  using one = await loadModel(first);
  using other = await loadModel(second);

  const { numbers } = await merged({ method: "ties", baseModel: base, models, settings: {} });
  const inMemory = mergeLoaded({
    method: "ties",
    base: start,
    models: [
      { model: one, settings },
      { model: other, settings },
    ],
  });

  const sorted = (list: readonly number[]) => list.toSorted((a, b) => a - b);
  // A tie of magnitudes may fall elsewhere in a matrix that lies turned on disk; there is none in these weights.
  expectClose(sorted(numbers), sorted(numbersOf(inMemory)));
});

test("mergeFolders() draws the same for one seed and writes its configuration beside the model", async () => {
  const config = parseMergeConfig(`
merge_method: dare_ties
base_model: ${base}
models:
  - model: ${first}
    parameters: {weight: 0.5, density: 0.5}
  - model: ${second}
    parameters: {weight: 0.5, density: 0.5}
`);

  const [one, again, other] = [await merged(config, 1), await merged(config, 1), await merged(config, 2)];

  expect(again.numbers).toEqual(one.numbers);
  expect(other.numbers).not.toEqual(one.numbers);
  expect(parseMergeConfig(readFileSync(join(one.folder, "mergekit_config.yml"), "utf8"))).toEqual(config);
});

test("mergeFolders() stacks slices of blocks and says so in config.json", async () => {
  const settings = { weight: 1 };
  const source = (model: string, layers: [number, number]) => ({
    sources: [{ model, layers, settings }],
    settings: {},
  });

  const { folder } = await merged({
    method: "linear",
    slices: [source(first, [0, 2]), source(second, [1, 2])],
    settings: {},
  });

  using model = await loadModel(folder);
  using donor = await loadModel(second);
  expect(model.config.layers).toBe(3);
  expect(readModelConfig(folder).num_hidden_layers).toBe(3);
  expect(model.weights.blocks[2]).toEqual(donor.weights.blocks[1]);
});

test("mergeFolders() takes blocks from where the base has none", async () => {
  const settings = { weight: 1 };
  const source = (model: string, layers: [number, number]) => ({
    sources: [{ model, layers, settings }],
    settings: {},
  });
  const deep = join(home, "deep");
  const stacked = { method: "linear", slices: [source(first, [0, 2]), source(second, [0, 2])], settings: {} };
  await mergeFolders(stacked, deep);

  const slices = [source(base, [0, 1]), source(deep, [2, 4])];
  const { folder } = await merged({ method: "linear", slices, settings: {} });

  using model = await loadModel(folder);
  using donor = await loadModel(second);
  expect(model.config.layers).toBe(3);
  expect(model.weights.blocks.slice(1)).toEqual(donor.weights.blocks);
});

test("mergeFolders() refuses to leave out weights that the base has no place for", async () => {
  const tied = join(home, "tied");
  const { checkpoint, plan } = openModelFolder(base);
  const tensors = [...checkpoint.tensors.keys()]
    .filter((name) => name !== plan.unembedding!.name)
    .map((name) => sourceOf(name, checkpoint.read(name)));
  writeModelFolder(tied, { tensors, from: base, config: { tie_word_embeddings: true } });
  checkpoint.close();
  const onto = (model: string, other: string) =>
    mergeFolders(
      {
        method: "task_arithmetic",
        baseModel: model,
        models: [{ model: other, settings: { weight: 1 } }],
        settings: {},
      },
      join(home, "spare"),
    );

  await expect(onto(tied, base)).rejects.toThrow("got a head of its own, where the base's embedding serves");
  await expect(onto(base, `${base}/../qwen2`)).rejects.toThrow(/got "blocks\.\*\.attention\.\w+\.bias"/);
  await onto(base, tied);
});

test("mergeFolders() keeps no other form of the vocabulary beside a joint one", async () => {
  const [left, right] = [await wider("lllll", 7), await wider("rrrrr", 9)];
  const models = [left, right].map((model) => ({ model, settings: { weight: 0.5 } }));
  for (const name of ["vocab.json", "merges.txt"]) writeFileSync(join(left, name), "{}");

  const [union, own] = ["one-form", "own-form"].map((name) => join(home, name));
  await mergeFolders({ method: "linear", models, settings: {}, tokenizer: "union" }, union!);
  await mergeFolders({ method: "linear", models, settings: {}, tokenizer: "base" }, own!);

  expect(readdirSync(union!)).not.toContain("vocab.json");
  expect(readdirSync(own!)).toContain("vocab.json");
});

test("mergeFolders() replaces a folder on purpose, whole, and never one of its models", async () => {
  const folder = join(home, "replaced");
  const config = { method: "linear", models: [{ model: first, settings: { weight: 1 } }], settings: {} };
  await mergeFolders(config, folder);
  const broken = { ...config, models: [{ model: first, settings: { weight: Number.NaN } }] };

  await expect(mergeFolders(broken, folder, { overwrite: true })).rejects.toThrow(/Expected a number for "weight"/);
  await expect(mergeFolders(config, first, { overwrite: true })).rejects.toThrow("Expected another folder than those");

  expect(await numbersIn(folder)).toEqual(await numbersIn(first));
  await mergeFolders({ ...config, models: [{ model: second, settings: { weight: 1 } }] }, folder, { overwrite: true });
  expect(await numbersIn(folder)).toEqual(await numbersIn(second));
  expect(readdirSync(folder).filter((name) => name.includes("draft"))).toEqual([]);
});

test("mergeFolders() follows a gradient over the blocks and filters of names", async () => {
  const t = [{ filter: "mlp", value: [0, 1] }, { value: 0 }] as const;

  const { folder } = await merged({
    method: "slerp",
    baseModel: base,
    models: [{ model: first, settings: {} }],
    settings: { t },
  });

  using model = await loadModel(folder);
  using start = await loadModel(base);
  using end = await loadModel(first);
  const mlpOf = (one: LanguageModel, layer: number) => (one.weights.blocks[layer] as { mlp: unknown }).mlp;
  expect(mlpOf(model, 0)).toEqual(mlpOf(start, 0));
  expect(mlpOf(model, 1)).toEqual(mlpOf(end, 1));
  expect(model.weights.embedding).toEqual(start.weights.embedding);
});

test("mergeFolders() keeps the tokens of every model in a union, each with its own row", async () => {
  const [left, right] = [await wider("xyz", 7), await wider("wxyz", 9)];
  const models = [left, right].map((model) => ({ model, settings: { weight: 0.5 } }));
  const folder = join(home, "union");

  const { vocabulary } = await mergeFolders({ method: "linear", models, settings: {}, tokenizer: "union" }, folder);

  using model = await loadModel(folder);
  const size = Object.keys(readTokenizerJson(base).model.vocab as object).length;
  const rowOf = (token: string) => {
    const width = model.config.hiddenSize;
    const id = model.requireTokenizer().idOf(token)!;
    return [...(model.weights.embedding.token.data as Float32Array).subarray(id * width, (id + 1) * width)];
  };
  expect(vocabulary).toEqual({ tokens: size + 2, known: [size + 1, size + 1] });
  expect(model.config.vocabularySize).toBe(size + 2);
  expect(new Set(rowOf("xyz"))).toEqual(new Set([7]));
  expect(new Set(rowOf("wxyz"))).toEqual(new Set([9]));
});

test("mergeFolders() refuses to cut rows off without a joint vocabulary", async () => {
  const models = [base, await wider("qqq", 1)].map((model) => ({ model, settings: { weight: 0.5 } }));

  await expect(mergeFolders({ method: "linear", models, settings: {} }, join(home, "cut"))).rejects.toThrow(
    /so that no token's row is cut off/,
  );
});

test.each([
  [
    "a base for ties",
    { method: "ties", models: [{ model: first, settings: {} }], settings: {} },
    /Expected base_model/,
  ],
  [
    "weights",
    { method: "linear", models: [{ model: first, settings: {} }], settings: {} },
    /Expected a number for "weight"/,
  ],
  [
    "a known method",
    { method: "tys", models: [{ model: first, settings: {} }], settings: {} },
    /nearest known is ties/,
  ],
  [
    "parameters by their names",
    { method: "ties", baseModel: base, models: [{ model: first, settings: { weight: 1, densty: 0.5 } }], settings: {} },
    /got "densty".*density/,
  ],
  [
    "two models for slerp",
    { method: "slerp", baseModel: base, models: [{ model: base, settings: {} }], settings: { t: 0 } },
    /Expected a base and one other/,
  ],
  [
    "blocks that are there",
    {
      method: "linear",
      slices: [{ sources: [{ model: first, settings: { weight: 1 }, layers: [1, 5] as const }], settings: {} }],
      settings: {},
    },
    /Expected 4 blocks of the 2/,
  ],
  [
    "a known tokenizer",
    { method: "linear", models: [{ model: first, settings: { weight: 1 } }], settings: {}, tokenizer: "mine" },
    /Expected tokenizer to be union/,
  ],
] as const)("mergeFolders() asks for %s", async (_, config, message) => {
  await expect(mergeFolders(config, join(home, `wrong-${merges++}`))).rejects.toThrow(message);
});

test("mergeFolders() leaves a folder that is not empty alone", async () => {
  const folder = join(home, "full");
  writeFileSync(join(home, "note.txt"), "");

  await mergeFolders({ method: "linear", models: [{ model: first, settings: { weight: 1 } }], settings: {} }, folder);

  await expect(
    mergeFolders({ method: "linear", models: [{ model: first, settings: { weight: 1 } }], settings: {} }, folder),
  ).rejects.toThrow(/Expected an empty folder/);
});
