import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { compile, typesOf, type Value, type ValuesOf, valueAndGrad } from "#engine";
import { openCheckpoint, sourceOf, writeSafetensors } from "#formats";
import {
  attachAdditions,
  countLora,
  createLora,
  type LoraAdapter,
  linearMapsOf,
  loadAdapter,
  mergeAdapters,
  saveAdapter,
  unmergeAdapters,
  withAdapters,
} from "#methods/adapters";
import { nextTokenBatch, nextTokenLoss, nextTokenTypes } from "#methods/finetuning";
import { type DecoderWeights, generate, type LanguageModel, saveModel, trace } from "#models";
import { openFixture, someIds } from "../models/fixtures.ts";

interface Written {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Case {
  readonly name: string;
  readonly base: string;
  readonly logits: Written;
  readonly loss: number;
  /** By PEFT's names. */
  readonly gradients: Readonly<Record<string, Written>>;
}

const goldenFolder = join(import.meta.dirname, "../golden/methods");
const golden: { readonly inputIds: number[][]; readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(join(goldenFolder, "lora.golden.json"), "utf8"),
);
const cases = golden.cases.map((one) => [one.name, one] as const);
const adapterFolder = (name: string): string => join(goldenFolder, `lora-${name}`);
const ids = someIds(9);

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-lora-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A fresh adapter whose B is no longer zero. */
function trainedLora(model: LanguageModel, settings: Partial<Parameters<typeof createLora>[1]> = {}): LoraAdapter {
  const adapter = createLora(model, { rank: 2, ...settings });
  for (const { up } of Object.values(adapter.matrices)) {
    for (let at = 0; at < up.data.length; at++) up.data[at] = Math.sin(at + 1) * 0.4;
  }
  return adapter;
}

async function logitsOf(model: LanguageModel, rows: readonly (readonly number[])[] = [ids]): Promise<Tensor> {
  const { taps } = await trace(model, { ids: rows });
  return taps.logits!;
}

function distance(a: { readonly data: ArrayLike<number | bigint> }, b: { readonly data: ArrayLike<number | bigint> }) {
  return Math.max(...Array.from(a.data, (value, at) => Math.abs(Number(value) - Number(b.data[at]))));
}

test.each(["llama", "gpt2", "neox", "olmo-original", "qwen2"])(
  "createLora() for %s changes no bit of the logits before it is trained",
  async (name) => {
    const model = await openFixture(name);
    const targets = [...new Set([...linearMapsOf(model).values()].map(({ target }) => target))];
    const adapter = createLora(model, { rank: 2, targets });

    const adapted = await logitsOf(withAdapters(model, { fresh: { adapter } }));

    expect(Buffer.from(adapted.data.buffer)).toEqual(Buffer.from((await logitsOf(model)).data.buffer));
  },
);

test.each(cases)("withAdapters() answers as PEFT does with its adapter %s", async (name, { base, logits }) => {
  const model = await openFixture(base);
  const adapter = loadAdapter(model, adapterFolder(name));

  const found = await logitsOf(withAdapters(model, { adapter: { adapter } }), golden.inputIds);

  expect(found.shape).toEqual(logits.shape);
  expect(distance(found, logits)).toBeLessThan(2e-5);
  expect(distance(await logitsOf(model, golden.inputIds), logits)).toBeGreaterThan(0.01);
});

test.each(cases)("mergeAdapters() gives the logits of the adapter %s within 1e-5", async (name, { base }) => {
  const model = await openFixture(base);
  const adapter = loadAdapter(model, adapterFolder(name));

  const merged = await mergeAdapters(model, [{ adapter }]);

  const adapted = await logitsOf(withAdapters(model, { adapter: { adapter } }));
  expect(distance(await logitsOf(merged), adapted)).toBeLessThanOrEqual(1e-5);
});

test("mergeAdapters() leaves the base as it is, and unmergeAdapters() comes back to it", async () => {
  const model = await openFixture("gpt2");
  const before = await logitsOf(model);
  const adapter = trainedLora(model);

  const merged = await mergeAdapters(model, [{ adapter, weight: 0.7 }]);
  const back = await unmergeAdapters(merged, [{ adapter, weight: 0.7 }]);

  expect(await logitsOf(model)).toEqual(before);
  expect(distance(await logitsOf(merged), before)).toBeGreaterThan(0.01);
  expect(distance(await logitsOf(back), before)).toBeLessThan(1e-5);
});

test("withAdapters() adds several adapters with their weights, and a weight of zero adds nothing", async () => {
  const model = await openFixture("llama");
  const [first, second] = [trainedLora(model), trainedLora(model, { targets: ["mlp.down"], seed: 4 })];
  const uses = { first: { adapter: first, weight: 0.5 }, second: { adapter: second, weight: -2 } };

  const together = await logitsOf(withAdapters(model, uses));
  const oneByOne = await logitsOf(withAdapters(withAdapters(model, { first: uses.first }), { second: uses.second }));
  const without = await logitsOf(withAdapters(model, { first: { adapter: first, weight: 0 } }));

  const merged = await mergeAdapters(model, Object.values(uses));
  expect(oneByOne).toEqual(together);
  expect(distance(await logitsOf(merged), together)).toBeLessThan(1e-5);
  expect(without).toEqual(await logitsOf(model));
});

test("withAdapters() works block by block, and generates as the merged model does", async () => {
  const [whole, streamed] = [await openFixture("llama"), await openFixture("llama", { memory: 0 })];
  const adapter = loadAdapter(whole, adapterFolder("llama"));
  const { matrices, scalings, ...rest } = adapter;
  const second = Object.fromEntries(Object.entries(matrices).filter(([path]) => path.startsWith("blocks.1.")));
  const partial = { ...rest, scalings, matrices: second };

  const inBlocks = await logitsOf(withAdapters(streamed, { partial: { adapter: partial } }));
  const [text] = await generate(withAdapters(streamed, { all: { adapter } }), [ids], { maxTokens: 8 });

  const [expected] = await generate(await mergeAdapters(whole, [{ adapter }]), [ids], { maxTokens: 8 });
  expect(distance(inBlocks, await logitsOf(withAdapters(whole, { partial: { adapter: partial } })))).toBeLessThan(1e-5);
  expect(text!.ids).toEqual(expected!.ids);
});

test.each(cases)("saveAdapter() writes what PEFT wrote as %s, number for number", async (name, { base }) => {
  const model = await openFixture(base);
  const folder = emptyFolder();
  const adapter = loadAdapter(model, adapterFolder(name));

  saveAdapter(model, adapter, folder);

  const tensorsIn = (place: string) => {
    using file = openCheckpoint(join(place, "adapter_model.safetensors"));
    return Object.fromEntries([...file.tensors.keys()].map((tensor) => [tensor, file.read(tensor)]));
  };
  const again = loadAdapter(model, folder);
  expect(tensorsIn(folder)).toEqual(tensorsIn(adapterFolder(name)));
  expect(again.matrices).toEqual(adapter.matrices);
  expect(Object.keys(again.scalings)).toEqual(Object.keys(adapter.scalings));
  for (const [path, scaling] of Object.entries(again.scalings))
    expect(scaling).toBeCloseTo(adapter.scalings[path]!, 12);
});

test("loadAdapter() refuses weights that were trained whole, foreign modules and another model's shapes", async () => {
  const model = await openFixture("llama");
  const damaged = (change: (name: string) => string): string => {
    const folder = emptyFolder();
    saveAdapter(model, trainedLora(model), folder);
    const file = join(folder, "adapter_model.safetensors");
    const checkpoint = openCheckpoint(file);
    const tensors = [...checkpoint.tensors.keys()].map((name) => sourceOf(change(name), checkpoint.read(name)));
    checkpoint.close();
    writeSafetensors(file, tensors);
    return folder;
  };
  const whole = damaged((name) => name.replace("layers.0.self_attn.q_proj.lora_A.weight", "lm_head.weight"));
  const foreign = damaged((name) => name.replace("q_proj", "w_pack"));
  const other = damaged((name) => name.replace("q_proj", "down_proj").replace("self_attn", "mlp"));

  expect(() => loadAdapter(model, whole)).toThrow(/lora_B|trained whole|A \[2, in\]/);
  expect(() => loadAdapter(model, foreign)).toThrow(/an addition to "model\.layers\.\d\.self_attn\.w_pack"/);
  expect(() => loadAdapter(model, other)).toThrow(/Expected A \[r, 24\] and B \[16, r\] for "blocks\.\d\.mlp\.down"/);
});

test("createLora() says which targets there are, and holds the rank to what a map can have", async () => {
  const model = await openFixture("llama");

  expect(() => createLora(model, { rank: 2, targets: ["attention.querry"] })).toThrow(/did you mean "attention.query"/);
  expect(() => createLora(model, { rank: 9 })).toThrow(/rank of at most 8 for "blocks.0.attention.value", got 9/);
  expect(() => createLora(model, { rank: 2, dropout: 1 })).toThrow(/dropout from 0 to below 1/);
  expect(countLora(createLora(model, { rank: 2 }))).toBe(2 * 2 * (16 + 16 + 16 + 8));
});

test("withAdapters() refuses a name that is taken, another model's adapter, and ranks that differ between streamed blocks", async () => {
  const [model, other] = [await openFixture("llama"), await openFixture("gpt2")];
  const streamed = await openFixture("llama", { memory: 0 });
  const adapter = createLora(model, { rank: 2 });
  const adapted = withAdapters(model, { a: { adapter } });
  const uneven = loadAdapter(model, adapterFolder("llama-patterns"));

  expect(() => withAdapters(adapted, { a: { adapter } })).toThrow(/"a" twice/);
  expect(() => withAdapters(other, { a: { adapter } })).toThrow(
    /Expected linear maps of .*, got "blocks.0.attention.query"/,
  );
  expect(() => withAdapters(streamed, { a: { adapter: uneven } })).toThrow(/one rank in every block/);
  expect(() => saveModel(adapted, emptyFolder())).toThrow(/merge its adapters first/);
});

/** The loss of the golden texts, and its gradient by an adapter alone. */
async function adapterGradient(model: LanguageModel, { matrices, scalings }: LoraAdapter) {
  const scalars = Object.fromEntries(Object.entries(scalings).map(([path, value]) => [path, tensor([], [value])]));
  const batch = nextTokenBatch(golden.inputIds.map((row) => [{ ids: row, counts: row.map((_, at) => at > 0) }]));
  const signature = { matrices: typesOf(matrices), base: model.plan, scalars: typesOf(scalars), batch: nextTokenTypes };
  type Values = ValuesOf<typeof signature> & { readonly base: DecoderWeights };
  const loss = (values: Values): Value => {
    const additions = Object.entries(values.matrices).map(([path, { down, up }]) => {
      return [path, { down, up, scaling: values.scalars[path]! }] as const;
    });
    const weights = attachAdditions(values.base, "trained", Object.fromEntries(additions));
    return nextTokenLoss(model, weights, values.batch);
  };
  const program = await compile(valueAndGrad(loss as never, { wrt: "matrices" }) as never, signature);
  return async () => {
    const found = await program.run({ matrices, base: model.weights, scalars, batch } as never);
    return found as unknown as { readonly value: Tensor; readonly gradient: LoraAdapter["matrices"] };
  };
}

test.each(cases)("the gradient by the adapter %s alone is PEFT's", async (name, { base, loss, gradients }) => {
  const model = await openFixture(base);
  const adapter = loadAdapter(model, adapterFolder(name));
  const folder = emptyFolder();

  const { value, gradient } = await (await adapterGradient(model, adapter))();
  saveAdapter(model, { ...adapter, matrices: gradient }, folder);

  using file = openCheckpoint(join(folder, "adapter_model.safetensors"));
  expect(Number(value.data[0])).toBeCloseTo(loss, 5);
  expect(file.tensors.size).toBe(Object.keys(gradients).length);
  for (const [key, expected] of Object.entries(gradients)) {
    const found = file.read(`base_model.model.${key}.weight`);
    expect(found.shape).toEqual(expected.shape);
    expect(distance(found, expected), key).toBeLessThan(1e-5 * Math.max(1, ...expected.data.map(Math.abs)));
  }
});

test("the gradient by an adapter agrees with finite differences", async () => {
  const model = await openFixture("gpt2");
  const adapter = trainedLora(model, { rank: 2, targets: ["attention.queryKeyValue", "mlp.up"] });
  const run = await adapterGradient(model, adapter);
  const { gradient } = structuredClone(await run());
  const step = 1e-2;

  for (const [path, { down, up }] of Object.entries(adapter.matrices)) {
    for (const [matrix, found] of [[down, gradient[path]!.down] as const, [up, gradient[path]!.up] as const]) {
      const at = 5;
      const start = matrix.data[at]!;
      const lossAt = async (value: number) => {
        matrix.data[at] = value;
        return Number((await run()).value.data[0]);
      };
      const slope = ((await lossAt(start + step)) - (await lossAt(start - step))) / (2 * step);
      matrix.data[at] = start;
      expect(found.data[at], path).toBeCloseTo(slope, 3);
    }
  }
});
