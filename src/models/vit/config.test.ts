import { expect, test } from "vitest";
import { countParameters } from "../load-model.ts";
import { readViTConfig } from "./config.ts";
import { vitSizes, vitTiny } from "./sizes.ts";
import { vitWeights } from "./weights.ts";

/** What google/vit-base-patch16-224's config.json says, its thousand class names apart. */
const published = {
  architectures: ["ViTForImageClassification"],
  attention_probs_dropout_prob: 0.0,
  encoder_stride: 16,
  hidden_act: "gelu",
  hidden_dropout_prob: 0.0,
  hidden_size: 768,
  image_size: 224,
  initializer_range: 0.02,
  intermediate_size: 3072,
  layer_norm_eps: 1e-12,
  model_type: "vit",
  num_attention_heads: 12,
  num_channels: 3,
  num_hidden_layers: 12,
  patch_size: 16,
  qkv_bias: true,
  transformers_version: "4.13.0.dev0",
  id2label: Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [String(at), `LABEL_${at}`])),
};

test("readViTConfig() of a published config.json is its row of the table", () => {
  const { config, unknownKeys } = readViTConfig(published);

  expect(config).toEqual(vitSizes["vit-base-patch16-224"].config);
  expect(unknownKeys).toEqual([]);
});

test.each(Object.entries(vitSizes))("%s has the parameters of its checkpoint", (_, { config, parameters }) => {
  const names = { has: (name: string) => config.hasDistillationToken && name === "cls_classifier.weight" };

  expect(countParameters(vitWeights(config, names))).toBe(parameters);
});

test("vitTiny has a class token, four patches and three classes", () => {
  const { position } = vitWeights(vitTiny, { has: () => false }).embedding;

  expect(position.shape).toEqual([1, 5, 16]);
});

test("readViTConfig() reads heights and widths, and the names of classes in their order", () => {
  const json = { ...published, image_size: [96, 128], patch_size: [8, 16], id2label: { 1: "b", 0: "a" } };

  expect(readViTConfig(json).config).toMatchObject({ imageSize: [96, 128], patchSize: [8, 16], labels: ["a", "b"] });
});

test.each([
  [{ hidden_act: "mish" }, 'for "hidden_act", got "mish"'],
  [{ patch_size: [4, 4, 4] }, 'two of them for "patch_size", got [4,4,4]'],
  [{ num_attention_heads: 7 }, 'a divisor of "hidden_size", 768, for "num_attention_heads", got 7'],
  [{ id2label: { 0: "a", 2: "c" } }, 'a name for each of 0, 1, 2 … for "id2label"'],
  [{ id2label: "ab" }, 'a name for each of 0, 1, 2 … for "id2label", got "ab"'],
  [{ id2label: {} }, 'a name for each of 0, 1, 2 … for "id2label", got {}'],
  [{ id2label: undefined, num_labels: "three" }, 'Expected a number for "num_labels", got "three"'],
  [{ quantization_config: { bits: 8 } }, '"quantization_config"'],
])("readViTConfig() refuses %o by name", (change, message) => {
  expect(() => readViTConfig({ ...published, ...change })).toThrow(message);
});
