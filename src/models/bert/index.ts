export { type BertConfig, bertSizes, bertTiny, readBertConfig } from "./config.ts";
export { type EncodedText, type LoadEncoderOptions, loadEncoder, type TextEncoder } from "./encoder.ts";
export { type BertContext, bert } from "./model.ts";
export {
  type BertBlockWeights,
  type BertLinearWeights,
  type BertNormWeights,
  type BertWeights,
  bertWeights,
} from "./weights.ts";
