import { defineVisionFamily } from "../vision-family.ts";
import { readViTConfig, variations } from "./config.ts";
import { vit } from "./model.ts";
import { vitSizes, vitTiny } from "./sizes.ts";
import { isViTBuffer, vitWeights } from "./weights.ts";

export type { EncoderActivation, EncoderBlockWeights, LinearMap, Norm } from "../encoder.ts";
export { readViTConfig, type ViTConfig } from "./config.ts";
export { type ViTContext, vit } from "./model.ts";
export { vitSizes, vitTiny } from "./sizes.ts";
export { type ViTWeights, vitWeights } from "./weights.ts";

/** ViT and DeiT, with a classifier or without. */
export const vitFamily = defineVisionFamily({
  name: "vit",
  modelTypes: Object.keys(variations),
  sizes: vitSizes,
  tiny: vitTiny,
  readConfig: readViTConfig,
  weights: vitWeights,
  isBuffer: isViTBuffer,
  logits: vit,
});
