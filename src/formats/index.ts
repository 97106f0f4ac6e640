export { Checkpoint, type ReadOptions } from "./checkpoints/checkpoint.ts";
export { firstNonFinite, type NonFinite } from "./checkpoints/non-finite.ts";
export { openCheckpoint } from "./checkpoints/open-checkpoint.ts";
export { type StorageType, storageOf, storageTypes } from "./checkpoints/storage-types.ts";
export { byteLengthOf, type StoredTensor } from "./checkpoints/stored-tensor.ts";
export { sourceOf, type TensorSource, type WriteOptions, writeSafetensors } from "./safetensors/write-file.ts";
export { type WriteCheckpointOptions, writeCheckpoint } from "./safetensors/write-shards.ts";
