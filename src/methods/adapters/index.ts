/** Trainable additions of low rank to frozen models. */
export { type AdapterUse, withAdapters } from "./adapted-model.ts";
export { type Additions, attachAdditions } from "./attach.ts";
export { type LinearMap, linearMapsOf } from "./linear-maps.ts";
export { countLora, createLora, type LoraAdapter, type LoraMatrices, type LoraSettings } from "./lora.ts";
export { mergeAdapters, unmergeAdapters } from "./merge.ts";
export { loadAdapter, saveAdapter } from "./peft.ts";
