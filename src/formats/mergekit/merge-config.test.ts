import fc from "fast-check";
import { expect, test } from "vitest";
import { type MergeConfig, mergeConfigText, parseMergeConfig, readMergeConfig } from "./merge-config.ts";

test("parseMergeConfig() reads mergekit's own example of slerp", () => {
  const config = parseMergeConfig(`
slices:
  - sources:
      - model: psmathur/orca_mini_v3_13b
        layer_range: [0, 40]
      - model: garage-bAInd/Platypus2-13B
        layer_range: [0, 40]
merge_method: slerp
base_model: psmathur/orca_mini_v3_13b
parameters:
  t:
    - filter: self_attn
      value: [0, 0.5, 0.3, 0.7, 1]
    - filter: mlp
      value: [1, 0.5, 0.7, 0.3, 0]
    - value: 0.5 # fallback for rest of tensors
dtype: float16
`);

  expect(config).toMatchObject({ method: "slerp", baseModel: "psmathur/orca_mini_v3_13b", storage: "F16" });
  expect(config.slices![0]!.sources.map(({ layers }) => layers)).toEqual([
    [0, 40],
    [0, 40],
  ]);
  expect(config.settings.t).toEqual([
    { filter: "self_attn", value: [0, 0.5, 0.3, 0.7, 1] },
    { filter: "mlp", value: [1, 0.5, 0.7, 0.3, 0] },
    { value: 0.5 },
  ]);
});

test("mergeConfigText() writes lists of numbers on one line, as mergekit does", () => {
  const text = mergeConfigText({ method: "slerp", models: [{ model: "a", settings: {} }], settings: { t: [0, 1] } });

  expect(text).toMatch(/t: \[ ?0, 1 ?\]/);
  expect(text).toMatch(/^merge_method: slerp\nmodels:\n {2}- model: a\n/);
});

test("parseMergeConfig() reads back whatever mergeConfigText() writes", () => {
  const number = fc.double({ min: -4, max: 4, noNaN: true }).map((one) => one + 0);
  const value = fc.oneof(number, fc.boolean());
  const conditional = fc.record({
    filter: fc.constantFrom("mlp", "self"),
    value: fc.oneof(value, fc.array(number, { minLength: 1 })),
  });
  const setting = fc.oneof(value, fc.array(number, { minLength: 1 }), fc.array(conditional, { minLength: 1 }));
  const settings = fc.dictionary(fc.constantFrom("weight", "density", "t"), setting);
  const name = fc.constantFrom("a", "./b c", "hf:org/name", "3", "true");
  const models = fc.array(fc.record({ model: name, settings }), { minLength: 1 });
  const config = fc.record(
    {
      method: fc.constantFrom("ties", "linear"),
      models,
      settings,
      baseModel: name,
      storage: fc.constantFrom("F32", "BF16"),
      tokenizer: name,
    },
    { requiredKeys: ["method", "models", "settings"] },
  );

  fc.assert(
    fc.property(config, (one) => {
      const plain = JSON.parse(JSON.stringify(one)) as MergeConfig;

      expect(parseMergeConfig(mergeConfigText(plain))).toEqual(plain);
    }),
  );
});

test.each([
  ["models: [", /no YAML/],
  ["merge_method: ties", /both models and slices, or neither/],
  ["merge_method: ties\nmodels: []", /models/],
  ["merge_method: ties\nmodels:\n  - modle: a", /modle|models/],
  ["merge_method: ties\nmodels:\n  - model: a\ndtype: int8", /dtype/],
  [
    "merge_method: ties\nmodels:\n  - model: a\ntokenizer_source: union\ntokenizer: {source: base}",
    /both tokenizer and tokenizer_source/,
  ],
  ["just text", /at its top/],
])("parseMergeConfig() refuses %j", (text, message) => {
  expect(() => parseMergeConfig(text)).toThrow(message);
});

test("readMergeConfig() names the file that is missing", () => {
  expect(() => readMergeConfig("./none.yml")).toThrow(/none\.yml/);
});
