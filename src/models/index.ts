export type { LowRankWeights } from "./affine.ts";
export { type ClassGradient, type ClassGradientOptions, classGradient } from "./class-gradient.ts";
export { type ConfigJson, ConfigReader } from "./config-reader.ts";
export { DualEncoder, type DualEncoderParts, type DualTrace } from "./dual-encoder.ts";
export type { TapEdit } from "./edits.ts";
export { type ExportedModel, type ExportModelOptions, exportModel } from "./export-model.ts";
export type { DecoderConfig, DecoderWeights, Family, ReadConfig, SizeTable, StoredNames } from "./family.ts";
export { type GenerateOptions, type Generation, generate, type TokenEvent } from "./generate.ts";
export { type EditGradient, type EditGradientOptions, editGradient } from "./gradient.ts";
export type { ContinuationIds, ContinuationText, JoinRule } from "./join-texts.ts";
export { LanguageModel, type LanguageModelParts } from "./language-model.ts";
export {
  type DualEncoderFolder,
  isDualEncoderType,
  loadDualEncoder,
  openDualEncoderFolder,
} from "./load-dual-encoder.ts";
export {
  countParameters,
  findModel,
  type LoadModelOptions,
  loadModel,
  type ModelFolder,
  openModelFolder,
} from "./load-model.ts";
export { loadVisionModel, modelTypeOf, openVisionFolder, type VisionFolder } from "./load-vision.ts";
export { visionHash } from "./model-hash.ts";
export { type Observation, type ObserveOptions, observe } from "./observe.ts";
export type { BlockContext, KeysAndValues, Pass, Past } from "./pass.ts";
export type { Extent } from "./patches.ts";
export { type Perplexity, type PerplexityOptions, perplexity } from "./perplexity.ts";
export {
  type ReadPictureSettings,
  type ReadPictureSettingsOptions,
  readPictureSettings,
  writePictureSettings,
} from "./picture-settings.ts";
export { type Preflight, type PreflightOptions, preflight, productSpeed, storageOfCheckpoint } from "./preflight.ts";
export { type EditingPreflight, type EditingPreflightOptions, predictEditing } from "./preflight-editing.ts";
export { families, familyOf } from "./registry.ts";
export { readThreshold, writeThreshold } from "./retrieval-threshold.ts";
export type { RotaryConfig, RotaryScaling } from "./rotary.ts";
export type { SamplingOptions } from "./sampling.ts";
export { type SavedModel, type SaveModelOptions, saveModel } from "./save-model.ts";
export { type ContinuationScore, type ScoredToken, type ScoreOptions, score } from "./score.ts";
export { storedValues } from "./stored-values.ts";
export { type ReadWeightOptions, readWeight, type StoredWeight } from "./stored-weight.ts";
export { type BlockTap, blockTap, blockTaps, modelTaps, type TapName } from "./taps.ts";
export { threadsOf } from "./threads.ts";
export { type Trace, type TraceOptions, trace } from "./trace.ts";
export type { VisionConfig, VisionFamily, VisionWeights } from "./vision-family.ts";
export {
  batchOf,
  pixelsOf,
  traceVision,
  VisionModel,
  type VisionModelParts,
  type VisionTrace,
} from "./vision-model.ts";
export { isVisionType, visionFamilies, visionFamilyOf } from "./vision-registry.ts";
export { dualEncoderTaps, type TapNote, visionTaps } from "./vision-taps.ts";
export { sourceOf, type WeightPlan, type WeightSource, type WeightTensors } from "./weight-source.ts";
