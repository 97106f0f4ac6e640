import { defineFamily } from "../family.ts";
import { neoxSizes, neoxTiny, readNeoxConfig } from "./config.ts";
import { embed, neox, transformerBlock, unembed } from "./model.ts";
import { isNeoxBuffer, neoxWeights } from "./weights.ts";

export { type NeoxConfig, neoxSizes, neoxTiny, readNeoxConfig } from "./config.ts";
export { type NeoxContext, neox } from "./model.ts";
export {
  type NeoxBlockWeights,
  type NeoxLinearWeights,
  type NeoxNormWeights,
  type NeoxWeights,
  neoxWeights,
} from "./weights.ts";

/** GPT-NeoX and Pythia. */
export const neoxFamily = defineFamily({
  name: "neox",
  modelTypes: ["gpt_neox"],
  sizes: neoxSizes,
  tiny: neoxTiny,
  readConfig: readNeoxConfig,
  weights: neoxWeights,
  isBuffer: isNeoxBuffer,
  logits: neox,
  embed,
  block: transformerBlock,
  unembed,
});
