/** Teaching a model more, whole or by an adapter. */
export { type EncodedExample, type EncodeExamplesOptions, encodeExamples, type FinetuneExample } from "./examples.ts";
export { type FinetuneOptions, type FinetuneResult, finetune } from "./finetune.ts";
export type { HeldOutMetrics } from "./held-out.ts";
export {
  type NextTokenBatch,
  type NextTokenValues,
  nextTokenBatch,
  nextTokenLoss,
  nextTokenTypes,
} from "./next-tokens.ts";
