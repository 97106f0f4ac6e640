/** Real checkpoints in ASSAY_SHARED. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sizeOf } from "#base";
import { leavesOf } from "#engine";
import { loadTokenizer, openCheckpoint } from "#formats";
import { generate, loadModel, type StoredWeight, score, trace } from "#models";
import { gpt2Sizes, gpt2Weights } from "#models/gpt2";
import { relativeMiss, sharedFolder } from "../parity/shared.ts";

const ways = [
  ["whole", {}],
  ["block by block", { memory: 0 }],
] as const;

const stories = sharedFolder("stories260k-llama2c");
describe.skipIf(stories.isMissing)("stories260K in ASSAY_SHARED", () => {
  const expected = stories.isMissing ? {} : JSON.parse(readFileSync(join(stories.path, "expected.json"), "utf8"));

  test.each(ways)("run %s has the reference's logits and hidden states", async (_, options) => {
    using model = await loadModel(stories.path, options);
    const blocks = Array.from({ length: 4 }, (_unused, layer) => `blocks.${layer}.residual`);
    const states = ["embedding", ...blocks, "blocks.4.residual", "finalNorm"];

    const { taps } = await trace(model, { ids: expected.input_ids, taps: ["logits", ...states] });

    expect(relativeMiss([...(taps.logits!.data as Float32Array)], expected.logits.flat())).toBeLessThan(1e-5);
    const last = expected.input_ids.length - 1;
    const rows = states.map((name) => [...(taps[name]!.data as Float32Array).subarray(last * 64)]);
    for (const state of expected.hidden_states_last_position as number[][]) {
      expect(Math.min(...rows.map((row) => relativeMiss(row, state)))).toBeLessThan(2e-5);
    }
  });

  test("has the reference's loss at every token", async () => {
    using model = await loadModel(stories.path);
    const [first, ...rest] = expected.input_ids as number[];

    const [found] = await score(model, [{ promptIds: [first!], continuationIds: rest }]);

    const losses = found!.tokens.map(({ logProb }) => -logProb);
    expect(Math.max(...losses.map((loss, at) => Math.abs(loss - expected.token_nll[at])))).toBeLessThan(1e-4);
  });

  test("writes the reference's 200 greedy tokens", async () => {
    using model = await loadModel(stories.path);
    const [begin, ...ids] = expected.greedy_ids_from_bos as number[];

    const [found] = await generate(model, [[begin!]], { maxTokens: 199, ignoreEnd: true });

    expect(found!.ids).toEqual(ids);
    expect(found!.text!.trim()).toBe(expected.greedy_text.trim());
  });

  test("goes on after a prompt of more than one piece as the whole text says, beside a short one", async () => {
    using long = await loadModel(stories.path);
    Object.assign(long, { config: { ...long.config, contextLength: 2048 } });
    const ids = Array.from({ length: 70 }, () => expected.input_ids as number[])
      .flat()
      .slice(0, 1100);

    const [found, short] = await generate(long, [ids, [1]], { maxTokens: 3, ignoreEnd: true });

    const { taps } = await trace(long, { ids: [...ids, ...found!.ids] });
    const likeliest = found!.ids.map((_id, at) => {
      const row = [...(taps.logits!.data as Float32Array).subarray((1099 + at) * 512, (1100 + at) * 512)];
      return row.indexOf(Math.max(...row));
    });
    expect(found!.ids).toEqual(likeliest);
    expect(short!.ids).toEqual(expected.greedy_ids_from_bos.slice(1, 4));
  });

  test("tells the same story beside others of other lengths", async () => {
    using model = await loadModel(stories.path);
    const prompts = ["Once upon a time", "Lily", "The big dog saw a red ball in the park"];

    const together = await generate(model, prompts, { maxTokens: 60 });

    for (const [at, prompt] of prompts.entries()) {
      const [alone] = await generate(model, [prompt], { maxTokens: 60 });
      expect(together[at]!.text).toBe(alone!.text);
    }
  });
});

const tinyStories = sharedFolder("tinystories-656k-hf");
describe.skipIf(tinyStories.isMissing)("TinyStories-656K in ASSAY_SHARED", () => {
  test("tells a coherent story that ends by itself, with a head that the file has under its other name", async () => {
    using model = await loadModel(tinyStories.path);

    const [found] = await generate(model, ["Once upon a time"], { maxTokens: 400 });

    expect(found!.finishReason).toBe("stop");
    // It was trained on the end token's letters too, and writes them before the token itself.
    expect(found!.text).toMatch(/^, a little girl named Lily .*\.<\|end_story\|>$/s);
    expect(model.weights.unembedding).toBeUndefined();
    expect(model.warnings).toEqual([]);
  });

  test("has embedding rows that its own source asserts", async () => {
    using model = await loadModel(tinyStories.path);

    expect(model.weights.embedding.token.data[50]).toBe(0.14453125);
  });
});

const sorting = sharedFolder("gpt-nano-sort");
describe.skipIf(sorting.isMissing)("the sorting GPT in ASSAY_SHARED", () => {
  const taps: Readonly<Record<string, string>> = {
    x: "embedding",
    ln1: "blocks.0.attention.input",
    q: "blocks.0.attention.query",
    k: "blocks.0.attention.key",
    v: "blocks.0.attention.value",
    attSm: "blocks.0.attention.pattern",
    yProj: "blocks.0.attention.output",
    attnResid: "blocks.0.middle",
    ln2: "blocks.0.mlp.input",
    gelu: "blocks.0.mlp.coefficients",
    mlp: "blocks.0.mlp.output",
    mlpResid: "blocks.0.residual",
    block1: "blocks.1.residual",
    block2: "blocks.2.residual",
    ln_f: "finalNorm",
    lm_head: "logits",
  };

  test.each(ways)("run %s agrees with PyTorch at every tap", async (_, options) => {
    const partials = JSON.parse(readFileSync(join(sorting.path, "gpt-nano-sort-t0-partials.json"), "utf8"));
    const decode = (name: string) =>
      new Float32Array(new Uint8Array(Buffer.from(partials[name].data, "base64")).buffer);
    const flat = [...decode("idx")];
    using model = await loadModel(sorting.path, options);

    const found = await trace(model, {
      ids: [0, 1, 2].map((row) => flat.slice(row * 11, (row + 1) * 11)),
      taps: Object.values(taps),
    });

    const misses = Object.entries(taps).map(
      ([name, tap]) => [tap, relativeMiss(found.taps[tap]!.data as Float32Array, decode(name))] as const,
    );
    expect(misses.filter(([, miss]) => miss > 1e-5)).toEqual([]);
  });

  test("sorts all 729 inputs", async () => {
    using model = await loadModel(sorting.path);
    const inputs = Array.from({ length: 729 }, (_, at) =>
      Array.from({ length: 6 }, (_unused, digit) => Math.floor(at / 3 ** digit) % 3),
    );

    const sorted = await generate(model, inputs, { maxTokens: 6 });

    expect(sorted.map(({ ids }) => ids)).toEqual(inputs.map((input) => input.toSorted()));
  });
});

const partial = sharedFolder("gpt2-124m-partial");
describe.skipIf(partial.isMissing)("parts of GPT-2 124M in ASSAY_SHARED", () => {
  test("have the names and shapes that the plan of GPT-2 expects, and its tokenizer's ids", () => {
    using checkpoint = openCheckpoint(join(partial.path, "model-partial.safetensors"));
    const plan = gpt2Weights(gpt2Sizes.gpt2.config, checkpoint.tensors);
    const known = [...leavesOf<StoredWeight>(plan).values()].filter(({ name }) => checkpoint.tensors.has(name));

    for (const { name, shape } of known) expect(checkpoint.entry(name).shape, name).toEqual(shape);
    expect(new Set(known.map(({ name }) => name))).toEqual(new Set(checkpoint.tensors.keys()));
    expect(loadTokenizer(partial.path).encode("Hello world")).toEqual([15496, 995]);
    expect(sizeOf(plan.embedding.position.shape)).toBe(1024 * 768);
  });
});
