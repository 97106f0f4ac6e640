import { defineFamily } from "../family.ts";
import { gpt2Sizes, gpt2Tiny, readGpt2Config } from "./config.ts";
import { embed, gpt2, transformerBlock, unembed } from "./model.ts";
import { gpt2Weights, isGpt2Buffer } from "./weights.ts";

export { type Gpt2Config, gpt2Sizes, gpt2Tiny, readGpt2Config } from "./config.ts";
export { type Gpt2Context, gpt2 } from "./model.ts";
export {
  type AffineLeaves,
  type Gpt2BlockWeights,
  type Gpt2Weights,
  gpt2Weights,
  type LayerNormWeights,
} from "./weights.ts";

/** GPT-2 in all its sizes. */
export const gpt2Family = defineFamily({
  name: "gpt2",
  modelTypes: ["gpt2"],
  sizes: gpt2Sizes,
  tiny: gpt2Tiny,
  readConfig: readGpt2Config,
  weights: gpt2Weights,
  isBuffer: isGpt2Buffer,
  logits: gpt2,
  embed,
  block: transformerBlock,
  unembed,
});
