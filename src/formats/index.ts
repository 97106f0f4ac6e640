export { type ChatTemplate, loadChatTemplate, readChatTemplates } from "./chat/chat-templates.ts";
export { type ChatMessage, type RenderChatOptions, renderChat } from "./chat/render-chat.ts";
export { Checkpoint, type ReadOptions } from "./checkpoints/checkpoint.ts";
export { toStoredBytes } from "./checkpoints/narrow.ts";
export { firstNonFinite, type NonFinite } from "./checkpoints/non-finite.ts";
export { openCheckpoint } from "./checkpoints/open-checkpoint.ts";
export { copyWithValues } from "./checkpoints/rewrite-values.ts";
export { type StorageType, storageOf, storageTypes } from "./checkpoints/storage-types.ts";
export { byteLengthOf, type StoredTensor } from "./checkpoints/stored-tensor.ts";
export { writeAtomically } from "./files/draft-file.ts";
export { type FillFolderOptions, fillFolder } from "./files/draft-folder.ts";
export { copyFile, isVacant, leafFolders, makeFolder, realPath, removeFolder } from "./files/folder.ts";
export { firstFile, hashFile, type ListedFile, listFolder, readTextFile, writeTextFile } from "./files/text-file.ts";
export { type Capture, type Captures, codeQuery, type GrammarName, pythonQuery } from "./grammars/grammar.ts";
export type { HubEvent } from "./hub/download-file.ts";
export { type FetchedModel, type FetchModelOptions, fetchDataSet, fetchModel } from "./hub/fetch-model.ts";
export { type HubEnvironment, type HubSettings, hubSettings } from "./hub/hub-settings.ts";
export { type HubSource, isHubSource, parseHubSource } from "./hub/hub-source.ts";
export {
  type Kernel,
  kernels,
  type MosaicChoices,
  mosaicChoices,
  type PictureEncoder,
  pictureKey,
} from "./images/choices.ts";
export { encode, saveAgain } from "./images/encode.ts";
export type { Filter } from "./images/filters.ts";
export { mosaic } from "./images/mosaic.ts";
export { heatTints, overlayColors, type PatchTint, tintPatches } from "./images/overlay.ts";
export { readPackedPixels } from "./images/packed-pixels.ts";
export { type Photo, type Pixels, type ReadPhotoOptions, readPhoto } from "./images/photo.ts";
export {
  type PictureSettings,
  pictureTensor,
  preparedPixels,
  preparedSize,
  type TargetSize,
} from "./images/picture-tensor.ts";
export { renderSvg } from "./images/render.ts";
export { pillowResize, type ResizeOptions } from "./images/resample.ts";
export { thumbnail } from "./images/thumbnail.ts";
export {
  type MergeConfig,
  type MergeInput,
  type MergeSetting,
  type MergeSettings,
  type MergeSlice,
  type MergeValue,
  mergeConfigText,
  parseMergeConfig,
  readMergeConfig,
} from "./mergekit/merge-config.ts";
export { copySettings } from "./model-folders/copy-settings.ts";
export {
  type ModelConfig,
  readModelConfig,
  type WriteModelConfigOptions,
  writeModelConfig,
} from "./model-folders/model-config.ts";
export {
  type RewrittenTensorsOptions,
  rewrittenTensors,
  type TensorChanges,
} from "./model-folders/rewritten-tensors.ts";
export { type ModelFolder, writeModelFolder } from "./model-folders/write-model-folder.ts";
export { NpyRows } from "./npy/npy-rows.ts";
export { NpzArchive } from "./npy/npz-archive.ts";
export { readNpy } from "./npy/read-npy.ts";
export { npyBytes, writeNpy } from "./npy/write-npy.ts";
export {
  type Adapter,
  type LowRankUpdate,
  readAdapter,
  type WriteAdapterOptions,
  writeAdapter,
} from "./peft/adapter.ts";
export { type AdapterConfig, scalingOf } from "./peft/adapter-config.ts";
export { sourceOf, type TensorSource, type WriteOptions, writeSafetensors } from "./safetensors/write-file.ts";
export { type WriteCheckpointOptions, writeCheckpoint } from "./safetensors/write-shards.ts";
export { readSentencePiece, type SentencePieceOptions } from "./sentencepiece/sentencepiece-tokenizer.ts";
export type { Caption } from "./tables/caption.ts";
export { type ReadCaptionsOptions, readCaptions } from "./tables/captions.ts";
export { type ReadParquetOptions, readParquet } from "./tables/parquet.ts";
export { readRows } from "./tables/read-rows.ts";
export { type Cell, type Row, type TableFormat, type TableRow, tableFormats } from "./tables/rows.ts";
export { type WriteTableOptions, writeTable } from "./tables/write-table.ts";
export { loadTokenizer } from "./tokenizers/load-tokenizer.ts";
export { tokenRange } from "./tokenizers/token-range.ts";
export type { DecodeOptions, EncodeOptions, SpecialTokens, Tokenizer, TokenSpan } from "./tokenizers/tokenizer.ts";
export type { TokenizerJson } from "./tokenizers/tokenizer-files.ts";
export { type TrainBpeOptions, trainBpe } from "./tokenizers/train-bpe.ts";
export { alignTokenizers, joinTokenizers, readTokenizerJson, type TokenUnion } from "./tokenizers/union-tokenizer.ts";
export { requireVocabularyFit, type VocabularyFit, vocabularyFit } from "./tokenizers/vocabulary-fit.ts";
export { type WriteTokenizerOptions, writeTokenizer } from "./tokenizers/write-tokenizer.ts";
