import { cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sizeOf } from "#base";
import { compile, leavesOf, mapTree, tensorType, type Value } from "#engine";
import { bertScore } from "#evals/metrics";
import { openCheckpoint } from "#formats";
import type { StoredWeight } from "#models";
import { type BertWeights, bert, bertSizes, bertTiny, bertWeights, loadEncoder, readBertConfig } from "#models/bert";

interface Golden {
  readonly parameters: number;
  readonly pairs: readonly (readonly [string, string])[];
  readonly ids: readonly number[][];
  readonly hidden: readonly (readonly number[][])[];
  readonly scores: Readonly<Record<string, readonly number[][]>>;
}

const folderOf = (name: string): string => join(import.meta.dirname, "../golden/models", name);
const goldenOf = (name: string): Golden => JSON.parse(readFileSync(`${folderOf(name)}.golden.json`, "utf8"));
const distance = (found: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(...expected.map((value, at) => Math.abs(value - found[at]!)));

test.each(["bert", "roberta"])("%s gives the reference's tokens", async (name) => {
  const { pairs, ids } = goldenOf(name);
  const encoder = await loadEncoder(folderOf(name), { layer: 0 });

  expect(pairs.flat().map((text) => encoder.ids(text))).toEqual(ids);
});

test.each(["bert", "roberta"])("%s matches the reference to 1e-5 on every layer", async (name) => {
  const { pairs, hidden } = goldenOf(name);
  const texts = pairs.flat();

  for (let layer = 0; layer <= 3; layer++) {
    const encoder = await loadEncoder(folderOf(name), { layer });
    for (const [at, states] of hidden.entries()) {
      const { vectors } = await encoder.encode(texts[at]!);
      expect(vectors.length).toBe(states[layer]!.length);
      expect(distance(vectors, states[layer]!), `layer ${layer}, text ${at}`).toBeLessThan(1e-5);
    }
  }
});

test.each([
  ["bert", 1, false],
  ["bert", 3, true],
  ["roberta", 1, true],
  ["roberta", 3, false],
])("bertScore() with %s, layer %i, idf %s is the package's", async (name, layer, idf) => {
  const { pairs, scores } = goldenOf(name);
  const encoder = await loadEncoder(folderOf(name), { layer });

  const { perSample } = await bertScore(
    pairs.map(([reference, candidate]) => ({ reference, candidate })),
    { encoder, idf },
  );

  const expected = scores[`${idf ? "idf" : "plain"}-${layer}`]!.map(([, , f1]) => f1!);
  expect(distance(perSample, expected)).toBeLessThan(2e-6);
});

test("bertWeights() has as many numbers as the published encoders", () => {
  for (const { config, parameters } of Object.values(bertSizes)) {
    const leaves = [...leavesOf<StoredWeight>(bertWeights(config, { has: () => false })).values()];
    expect(leaves.reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(parameters);
  }
  const checkpoint = openCheckpoint(folderOf("bert"));
  expect([...checkpoint.tensors.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(
    goldenOf("bert").parameters,
  );
  checkpoint.close();
});

test("readBertConfig() reads its tiny, and refuses what is not implemented", () => {
  const json = {
    model_type: "bert",
    vocab_size: 64,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    max_position_embeddings: 32,
  };

  expect(readBertConfig(json)).toEqual({ config: bertTiny, unknownKeys: [] });
  expect(() => readBertConfig({ ...json, position_embedding_type: "relative_key" })).toThrow(/position_embedding_type/);
});

test("loadEncoder() refuses other models and layers that are not there", async () => {
  await expect(loadEncoder(folderOf("llama"))).rejects.toThrow(
    /Expected an encoder \(bert, roberta, xlm-roberta\), got "llama"/,
  );
  await expect(loadEncoder(folderOf("bert"), { layer: 4 })).rejects.toThrow(/a layer from 0 to 3, got 4/);
});

test("bert() lets no token see what fills its text up", async () => {
  const plan = bertWeights(bertTiny, { has: () => false });
  const weights = mapTree(plan, (leaf) => {
    const { shape } = leaf as StoredWeight;
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, at) => Math.sin(at + shape.length));
    return { dtype: "float32", shape, data };
  });
  const types = { inputIds: tensorType("int64", [1, "T"]), lengths: tensorType("int64", [1]) };
  const build = (given: { weights: BertWeights; inputIds: Value; lengths: Value }) => ({
    last: bert(given.inputIds, given.weights, { config: bertTiny, lengths: given.lengths }).at(-1)!,
  });
  const program = await compile(build as never, { weights: plan, ...types });
  const run = async (ids: readonly number[]) => {
    const inputIds = { dtype: "int64", shape: [1, ids.length], data: BigInt64Array.from(ids, BigInt) };
    const lengths = { dtype: "int64", shape: [1], data: BigInt64Array.of(3n) };
    const { last } = (await program.run({ weights, inputIds, lengths } as never)) as unknown as {
      last: { data: Float32Array };
    };
    return [...last.data.slice(0, 3 * bertTiny.hiddenSize)];
  };

  const [alone, zeros, others] = [await run([5, 6, 7]), await run([5, 6, 7, 0, 0]), await run([5, 6, 7, 9, 8])];

  expect(distance(zeros, alone)).toBeLessThan(1e-6);
  expect(others).toEqual(zeros);
});

test.each([
  ["config.json that is no JSON", "config.json", "{", "CONFIG_INVALID"],
  ["heads that do not divide its size", "config.json", { num_attention_heads: 3 }, "CONFIG_INVALID"],
  ["another vocabulary", "config.json", { vocab_size: 7 }, "SHAPE_MISMATCH"],
])("loadEncoder() refuses a folder with %s, and leaves no file open", async (_, file, change, code) => {
  const folder = mkdtempSync(join(tmpdir(), "assay-bert-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(folderOf("bert"), folder, { recursive: true });
  const json = JSON.parse(readFileSync(join(folder, file), "utf8"));
  writeFileSync(join(folder, file), typeof change === "string" ? change : JSON.stringify({ ...json, ...change }));
  const open = () => readdirSync("/proc/self/fd").filter((fd) => targetOf(fd).startsWith(folder));

  await expect(loadEncoder(folder)).rejects.toMatchObject({ code });

  expect(process.platform === "linux" ? open() : []).toEqual([]);
});

const targetOf = (fd: string): string => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
};
