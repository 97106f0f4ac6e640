import { expect, test } from "vitest";
import { countParameters } from "../load-model.ts";
import { readClipConfig } from "./config.ts";
import { clipSizes, clipTiny } from "./sizes.ts";
import { clipWeights } from "./weights.ts";

/** What openai/clip-vit-base-patch32's config.json says where it differs from transformers' defaults. */
const published = {
  model_type: "clip",
  logit_scale_init_value: 2.6592,
  projection_dim: 512,
  initializer_factor: 1.0,
  text_config: { model_type: "clip_text_model", eos_token_id: 2, bos_token_id: 0, pad_token_id: 1 },
  vision_config: { model_type: "clip_vision_model", length_penalty: 1.0, typical_p: 1.0 },
};

test("readClipConfig() of a published config.json is its row of the table", () => {
  const { config, unknownKeys } = readClipConfig(published);

  expect(config).toEqual(clipSizes["clip-vit-base-patch32"].config);
  expect(unknownKeys).toEqual([]);
});

test.each(Object.entries(clipSizes))("%s has the parameters of its checkpoint", (_, { config, parameters }) => {
  expect(countParameters(clipWeights(config))).toBe(parameters);
});

test("clipTiny has a vector of eight numbers for four patches and for sixteen tokens", () => {
  const { vision, text } = clipWeights(clipTiny);

  expect([vision.embedding.position.shape, text.embedding.position.shape]).toEqual([
    [5, 16],
    [16, 16],
  ]);
  expect(vision.projection.weight.shape).toEqual([16, 8]);
});

test("readClipConfig() names the key below its tower that it cannot follow, and the one that it does not know", () => {
  const vision = { ...published.vision_config, hidden_act: "mish" };
  const text = { ...published.text_config, rotary: true };

  expect(() => readClipConfig({ ...published, vision_config: vision })).toThrow('"vision_config.hidden_act"');
  expect(readClipConfig({ ...published, text_config: text }).unknownKeys).toEqual(["text_config.rotary"]);
});
