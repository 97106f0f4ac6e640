import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { leavesOf } from "#engine";
import { generate, loadModel, openModelFolder, score, trace } from "#models";
import { changeConfig, changeWeights, copyOf, fixture, openFixture, someIds } from "./fixtures.ts";

const loading = (folder: string) => loadModel(folder).then((model) => model.close());

test("loadModel() names the nearest family for one that it does not know", async () => {
  const folder = copyOf("llama");
  const named = (type: unknown) => changeConfig(folder, { model_type: type });

  named("llamma");
  await expect(loading(folder)).rejects.toThrow('got "llamma"; the nearest known is "llama"');
  named("gemma3_text");
  await expect(loading(folder)).rejects.toThrow('got "gemma3_text"; the nearest known is "gemma"');
  named("xlstm");
  await expect(loading(folder)).rejects.toThrow(/got "xlstm"; (known are gpt2, llama|the nearest known)/);
  named(undefined);
  await expect(loading(folder)).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
});

test.each([
  [
    "llama",
    { rope_scaling: { rope_type: "dynamic", factor: 4 } },
    '"rope_scaling.rope_type" or "rope_scaling.type", got "dynamic"',
  ],
  ["llama", { hidden_act: "relu2" }, 'for "hidden_act", got "relu2"'],
  ["llama", { quantization_config: { bits: 4 } }, '"quantization_config"'],
  ["qwen2", { use_sliding_window: true }, 'Expected false for "use_sliding_window", got true'],
  ["gpt2", { scale_attn_by_inverse_layer_idx: true }, '"scale_attn_by_inverse_layer_idx", got true'],
  ["neox", { hidden_act: "swish" }, 'for "hidden_act", got "swish"'],
  ["olmo", { attention_bias: true }, '"attention_bias", got true'],
  ["olmo-original", { alibi: true }, '"alibi", got true'],
])("loadModel() of %s refuses %j", async (name, change, message) => {
  const folder = copyOf(name);
  changeConfig(folder, change);

  await expect(loading(folder)).rejects.toMatchObject({
    code: "CONFIG_UNSUPPORTED",
    message: expect.stringContaining(message),
  });
});

test.each([
  [{ hidden_size: "16" }, 'Expected a number for "hidden_size", got "16"'],
  [{ num_hidden_layers: undefined }, 'for "num_hidden_layers", got nothing'],
  [{ head_dim: 3, num_key_value_heads: 4 }, "Expected an even number of turning channels"],
  [{ tie_word_embeddings: "yes" }, "Expected true or false"],
  [{ num_key_value_heads: 3 }, 'a divisor of "num_attention_heads", 4, for "num_key_value_heads", got 3'],
  [{ n_head: 3 }, 'a divisor of "n_embd" or "hidden_size", 16, for "n_head" or "num_attention_heads", got 3', "gpt2"],
  [{ num_attention_heads: 3 }, 'a divisor of "hidden_size", 16, for "num_attention_heads", got 3', "neox"],
  [{ num_key_value_heads: 3 }, 'for "num_key_value_heads", got 3', "olmo"],
])("loadModel() says which key of config.json is wrong: %j", async (change, message, name = "llama") => {
  const folder = copyOf(name);
  changeConfig(folder, change);

  await expect(loading(folder)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining(message),
  });
});

test("loadModel() warns about keys and tensors that it does not know, and inspect lists them", async () => {
  const folder = copyOf("llama");
  changeConfig(folder, { use_flux_capacitor: 7, rope_scaling: { rope_type: "linear", factor: 1, new_knob: 2 } });
  changeWeights(folder, (_name, values) => values);
  const { checkpoint, unknownKeys, spareTensors } = openModelFolder(folder);
  checkpoint.close();

  const model = await loadModel(folder);

  expect(unknownKeys).toEqual(["use_flux_capacitor", "rope_scaling.new_knob"]);
  expect(spareTensors).toEqual([]);
  expect(model.warnings).toEqual([expect.stringContaining("unknown keys: use_flux_capacitor, rope_scaling.new_knob")]);
});

test("loadModel() refuses a file that is cut short", async () => {
  const folder = copyOf("llama");
  truncateSync(join(folder, "model.safetensors"), 20_000);

  await expect(loading(folder)).rejects.toMatchObject({
    code: "CHECKPOINT_INVALID",
    message: expect.stringContaining("cut short"),
  });
});

test("loadModel() refuses tensors that overlap", async () => {
  const folder = copyOf("llama");
  const file = join(folder, "model.safetensors");
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + length));
  const [first, second] = Object.keys(header).filter((name) => name !== "__metadata__");
  [header[first!].data_offsets, header[second!].data_offsets] = [
    header[second!].data_offsets,
    header[second!].data_offsets,
  ];
  writeFileSync(
    file,
    Buffer.concat([
      bytes.subarray(0, 8),
      Buffer.from(JSON.stringify(header).padEnd(length)),
      bytes.subarray(8 + length),
    ]),
  );

  await expect(loading(folder)).rejects.toMatchObject({ code: "CHECKPOINT_INVALID" });
});

test("loadModel() names the shard that is missing", async () => {
  const folder = copyOf("mistral");
  rmSync(join(folder, "model-00002-of-00002.safetensors"));

  await expect(loading(folder)).rejects.toMatchObject({
    code: "FILE_MISSING",
    message: expect.stringContaining("model-00002-of-00002"),
  });
});

test("loadModel() names the tensor that is missing, and a head that an untied model must have", async () => {
  const folder = copyOf("llama");
  changeWeights(folder, (name, values) => (name === "lm_head.weight" ? undefined : values));

  await expect(loading(folder)).rejects.toMatchObject({
    code: "TENSOR_MISSING",
    message: expect.stringContaining('"lm_head.weight"'),
  });
});

test("loadModel() names a tensor whose shape config.json does not expect", async () => {
  const folder = copyOf("llama");
  changeConfig(folder, { intermediate_size: 32 });

  await expect(loading(folder)).rejects.toThrow(
    /Expected \[32, 16\] for "model\.layers\.0\.mlp\.(gate|up)_proj\.weight" from config\.json, got \[24, 16\]/,
  );
});

test.each([
  ["whole", {}],
  ["block by block", { memory: 0 }],
])("a NaN among the weights is named, run %s", async (_, options) => {
  const folder = copyOf("llama");
  changeWeights(folder, (name, values) => {
    if (name === "model.layers.1.mlp.up_proj.weight") values.data[5] = Number.NaN;
    return values;
  });

  const running = loadModel(folder, options).then((model) => trace(model, { ids: [1, 2] }));

  await expect(running).rejects.toMatchObject({
    code: "WEIGHT_NOT_FINITE",
    message: expect.stringContaining('got NaN in "model.layers.1.mlp.up_proj.weight"'),
  });
});

test("a streamed block that cannot be read leaves no half of it for the one before", async () => {
  const folder = copyOf("llama");
  changeWeights(folder, (name, values) => {
    if (name === "model.layers.1.mlp.up_proj.weight") values.data[5] = Number.NaN;
    return values;
  });
  using model = await loadModel(folder, { memory: 0 });
  const numbers = () => [...leavesOf<Tensor>(model.source.block(0)).values()].map(({ data }) => [...data]);

  const before = numbers();
  expect(() => model.source.block(1)).toThrow(expect.objectContaining({ code: "WEIGHT_NOT_FINITE" }));

  expect(numbers()).toEqual(before);
});

test("loadModel() refuses an added vocabulary without rows, and accepts spare rows", async () => {
  const folder = copyOf("llama");
  const rows = (count: number) => {
    changeConfig(folder, { vocab_size: count });
    changeWeights(folder, (name, { shape, data }) => {
      if (!/embed_tokens|lm_head/.test(name)) return tensor(shape, data);
      const all = new Float32Array(count * 16);
      all.set((data as Float32Array).subarray(0, count * 16));
      return tensor([count, 16], all);
    });
  };

  rows(63);
  await expect(loading(folder)).rejects.toMatchObject({
    code: "VOCABULARY_MISMATCH",
    message: expect.stringMatching(/at most 63 tokens, as the embedding has rows, got 64; 1 have none, the first "0"/),
  });
  rows(71);
  await expect(loading(folder)).resolves.toBeUndefined();
});

test("ids beyond the vocabulary and texts beyond the context are refused before anything is computed", async () => {
  const model = await openFixture("llama");

  await expect(trace(model, { ids: [1, 64] })).rejects.toThrow("Expected token ids from 0 to 63, got 64 at position 1");
  await expect(trace(model, { ids: [-1] })).rejects.toMatchObject({ code: "TOKEN_OUT_OF_RANGE" });
  await expect(trace(model, { ids: [1.5] })).rejects.toMatchObject({ code: "TOKEN_OUT_OF_RANGE" });
  await expect(generate(model, [[99]])).rejects.toMatchObject({ code: "TOKEN_OUT_OF_RANGE" });
  await expect(trace(model, { ids: [] })).rejects.toMatchObject({ code: "TEXT_EMPTY" });
  await expect(trace(model, { ids: someIds(33) })).rejects.toThrow("Expected at most 32 tokens, got 33");
  await expect(score(model, [{ promptIds: someIds(30), continuationIds: [1, 2, 3] }])).rejects.toMatchObject({
    code: "CONTEXT_TOO_LONG",
  });
});

test("a folder without a tokenizer loads, and asks for ids where a text is given", async () => {
  const model = await openFixture("gpt2");

  await expect(trace(model, { text: "Hello" })).rejects.toMatchObject({ code: "TOKENIZER_MISSING" });
});

test("loadModel() says what is missing in a folder that is none", async () => {
  const folder = copyOf("llama");
  await expect(loading(join(folder, "nowhere"))).rejects.toMatchObject({ code: "FILE_MISSING" });

  writeFileSync(join(folder, "config.json"), "{");
  await expect(loading(folder)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  writeFileSync(join(folder, "config.json"), "[]");
  await expect(loading(folder)).rejects.toThrow("Expected an object at");

  changeConfig(folder, JSON.parse(readFileSync(join(fixture("llama"), "config.json"), "utf8")));
  rmSync(join(folder, "model.safetensors"));
  await expect(loading(folder)).rejects.toMatchObject({ code: "CHECKPOINT_MISSING" });
});

test("weights of a streamed model are refused as a tree, since they are never all there", async () => {
  const model = await openFixture("llama", { memory: 0 });

  expect(() => model.weights).toThrow("Expected weights in memory, got a streamed model");
});
