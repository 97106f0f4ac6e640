import { AssayError, sizeOf, type Tensor } from "#base";
import { leavesOf } from "#engine";
import {
  type ModelConfig,
  openCheckpoint,
  rewrittenTensors,
  type StorageType,
  type TensorSource,
  writeModelFolder,
} from "#formats";
import { type StoredWeight, storedShape } from "./stored-weight.ts";

/** How a model is saved. */
export interface SaveModelOptions {
  /** Weights in place of the model's own: edited or trained ones. */
  readonly weights?: object;
  /** Another number type on disk; each tensor keeps its own when left out. */
  readonly storage?: Extract<StorageType, "F32" | "F16" | "BF16">;
  /** Changes of config.json; all of it for a model that was made in memory. */
  readonly config?: ModelConfig;
  readonly overwrite?: boolean;
}

/** What is needed of a model of any kind to write it down. */
export interface SavedModel {
  readonly name: string;
  readonly folder: string | undefined;
  /** Where a checkpoint keeps each weight. */
  readonly plan: object;
  /** The tensors, in the same tree. */
  readonly weights: object;
}

/**
 * Writes a model as a Hugging Face folder: weights under the names, in the orientation and number types of the folder that
 * it came from, its config.json with every key, its tokenizer as it is.
 *
 * @throws AssayError CHECKPOINT_EXISTS, WEIGHTS_STREAMED, CONFIG_MISSING, VALUE_OVERFLOW
 */
export function saveModel(model: SavedModel, folder: string, options: SaveModelOptions = {}): void {
  const { weights = model.weights, storage, config, overwrite = false } = options;
  const parts = storedParts(model, weights);
  const rest = { ...(config === undefined ? {} : { config }), overwrite };
  if (model.folder === undefined) {
    if (config === undefined) {
      const wayOut = "give one that its family reads";
      throw new AssayError(
        "CONFIG_MISSING",
        `${model.name}: Expected a config.json for a model made in memory, got none; ${wayOut}`,
      );
    }
    writeModelFolder(folder, { tensors: newTensors(parts, storage ?? "F32"), ...rest });
    return;
  }
  using source = openCheckpoint(model.folder);
  const changes = new Map([...parts].map(([name, group]) => [name, () => joined(group)]));
  const tensors = rewrittenTensors(source, { changes, ...(storage === undefined ? {} : { storage }) });
  writeModelFolder(folder, { tensors, from: model.folder, ...rest });
}

/** One part of a stored tensor. */
interface StoredPart {
  readonly weight: StoredWeight;
  readonly tensor: Tensor;
}

/** What makes up each tensor of the checkpoint, by its name. */
function storedParts({ name, plan }: SavedModel, weights: object): Map<string, StoredPart[]> {
  const ours = leavesOf<Tensor>(weights);
  const parts = new Map<string, StoredPart[]>();
  for (const [path, weight] of leavesOf<StoredWeight>(plan)) {
    if (weight.name === undefined) throw unmerged(name, path);
    parts.set(weight.name, [...(parts.get(weight.name) ?? []), { weight, tensor: ours.get(path)! }]);
  }
  return parts;
}

function unmerged(name: string, path: string): AssayError {
  const wayOut = "merge its adapters first, or save them by themselves";
  return new AssayError(
    "ADAPTERS_UNMERGED",
    `${name}: Expected weights of a checkpoint alone, got "${path}"; ${wayOut}`,
  );
}

function joined(parts: readonly StoredPart[]): Tensor {
  const shape = shapeOf(parts);
  const data = new Float32Array(sizeOf(shape));
  if (shape.length === 0) return { ...parts[0]!.tensor, shape };
  for (const part of parts) writePart(part, data, sizeOf(shape.slice(1)));
  return { dtype: "float32", shape, data };
}

function shapeOf(parts: readonly StoredPart[]): number[] {
  if (parts[0]!.weight.shape.length === 0) return [];
  const rows = parts.reduce((sum, { weight }) => sum + storedShape(weight)[0]!, 0);
  return [rows, ...storedShape(parts[0]!.weight).slice(1)];
}

/** The way of readWeight() backwards: `length` numbers make a stored row. */
function writePart({ weight, tensor }: StoredPart, target: Float32Array, length: number): void {
  const source = tensor.data as Float32Array;
  const count = storedShape(weight)[0]!;
  const rows = (weight.rows ?? [[0, count]]).flatMap(([from, to]) =>
    Array.from({ length: to - from }, (_, at) => from + at),
  );
  for (const [at, row] of rows.entries()) {
    const stored = target.subarray(row * length, (row + 1) * length);
    if (weight.isTransposed) for (let i = 0; i < length; i++) stored[i] = source[i * count + at]!;
    else stored.set(source.subarray(at * length, (at + 1) * length));
  }
}

const newTensors = (parts: ReadonlyMap<string, StoredPart[]>, storage: StorageType): TensorSource[] =>
  [...parts].map(([name, group]) => ({ name, shape: shapeOf(group), storage, load: () => joined(group) }));
