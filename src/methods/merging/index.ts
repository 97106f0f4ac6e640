/** Putting several models into one: linear, slerp, task arithmetic, TIES and DARE, as mergekit has them. */
export { type AlignRowsOptions, alignRows, type EmbeddingRows } from "./align-rows.ts";
export { type MergedFolder, type MergeFoldersOptions, mergeFolders } from "./merge-folders.ts";
export { type LoadedInput, type MergeLoadedOptions, mergeLoaded } from "./merge-loaded.ts";
export { type MergeMethodName, mergeMethodOf, mergeMethods, type TensorMerge } from "./merge-tensor.ts";
export { mergeLinear, mergeSlerp, mergeTasks, type TaskMergeOptions, type WeightedTensor } from "./rules.ts";
export { settingAt, type TensorPlace } from "./settings.ts";
export { type DareRescaling, type DropOptions, dropAndRescale, trimByMagnitude } from "./sparsify.ts";
