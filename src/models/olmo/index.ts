import { defineFamily } from "../family.ts";
import { olmoSizes, olmoTiny, readOlmoConfig } from "./config.ts";
import { embed, olmo, transformerBlock, unembed } from "./model.ts";
import { isOlmoBuffer, olmoWeights } from "./weights.ts";

export { type OlmoConfig, olmoSizes, olmoTiny, readOlmoConfig } from "./config.ts";
export { type OlmoContext, olmo } from "./model.ts";
export { type OlmoBlockWeights, type OlmoWeights, olmoWeights } from "./weights.ts";

/** OLMo 1 in both published layouts. */
export const olmoFamily = defineFamily({
  name: "olmo",
  modelTypes: ["olmo", "hf_olmo"],
  sizes: olmoSizes,
  tiny: olmoTiny,
  readConfig: readOlmoConfig,
  weights: olmoWeights,
  isBuffer: isOlmoBuffer,
  logits: olmo,
  embed,
  block: transformerBlock,
  unembed,
});
