import { defineFamily } from "../family.ts";
import { readLlamaConfig, variations } from "./config.ts";
import { embed, llama, transformerBlock, unembed, windowKind } from "./model.ts";
import { llamaSizes, llamaTiny } from "./sizes.ts";
import { isLlamaBuffer, llamaWeights } from "./weights.ts";

export { type LlamaConfig, readLlamaConfig } from "./config.ts";
export { type LlamaContext, llama } from "./model.ts";
export { llamaSizes, llamaTiny } from "./sizes.ts";
export { type LinearWeights, type LlamaBlockWeights, type LlamaWeights, llamaWeights } from "./weights.ts";

/** Llama 1 to 3 and what is built like them: TinyLlama, SmolLM, Mistral, Qwen2 to 3, Gemma and Gemma 2. */
export const llamaFamily = defineFamily({
  name: "llama",
  modelTypes: Object.keys(variations),
  sizes: llamaSizes,
  tiny: llamaTiny,
  readConfig: readLlamaConfig,
  weights: llamaWeights,
  isBuffer: isLlamaBuffer,
  logits: llama,
  embed,
  blockKind: windowKind,
  block: transformerBlock,
  unembed,
});
