/** Writing a model as the folder that it was read from, with other numbers in it. */
import { sizeOf, type Tensor, zeros } from "#base";
import { leavesOf } from "#engine";
import { type Checkpoint, rewrittenTensors, type StorageType, writeModelFolder } from "#formats";
import type { LanguageModel } from "./language-model.ts";
import { openModelFolder } from "./load-model.ts";
import { type StoredWeight, storedTensor } from "./stored-weight.ts";

/** How a model is written. */
export interface SaveModelOptions {
  /** Another number type for its floats; each tensor keeps its own when left out. */
  readonly storage?: StorageType;
  /** Writes over what lies there. */
  readonly overwrite?: boolean;
}

/**
 * Writes a Hugging Face folder: the model's weights under the names and in the layout, order and number types of the
 * folder that it was loaded from, whose configuration, tokenizer and chat template are kept.
 *
 * @throws AssayError WEIGHTS_STREAMED, CHECKPOINT_EXISTS, VALUE_OVERFLOW, FILE_MISSING when its folder is gone
 */
export function saveModel(model: LanguageModel, folder: string, { storage, overwrite }: SaveModelOptions = {}): void {
  const { plan, checkpoint } = openModelFolder(model.folder ?? model.name);
  try {
    const byName = Map.groupBy(leavesOf<StoredWeight>(plan), ([, { name }]) => name);
    const weights = leavesOf<Tensor>(model.weights);
    const changes = [...byName].map(([name, leaves]) => {
      const parts = leaves.map(([path, weight]) => ({ weight, tensor: weights.get(path)! }));
      return [name, () => assembled(checkpoint, name, parts)] as const;
    });
    const copies = twins(model, checkpoint, byName).map((name) => [name, () => model.weights.embedding.token] as const);
    const tensors = rewrittenTensors(checkpoint, {
      changes: new Map<string, Tensor | (() => Tensor)>([...changes, ...copies]),
      ...(storage === undefined ? {} : { storage }),
    });
    const from = model.folder ?? model.name;
    writeModelFolder(folder, { tensors, from, ...(overwrite === undefined ? {} : { overwrite }) });
  } finally {
    checkpoint.close();
  }
}

interface Part {
  readonly weight: StoredWeight;
  readonly tensor: Tensor;
}

/** A stored tensor from the weights of ours that lie in it. */
function assembled(checkpoint: Checkpoint, name: string, parts: readonly Part[]): Tensor {
  const { shape } = checkpoint.entry(name);
  const isWhole = parts.reduce((sum, { tensor }) => sum + sizeOf(tensor.shape), 0) === sizeOf(shape);
  const target = isWhole ? zeros(shape) : widened(checkpoint, name);
  for (const { weight, tensor } of parts) storedTensor(weight, tensor, target);
  return target;
}

/** Rows that the model does not use stay as they are. */
function widened(checkpoint: Checkpoint, name: string): Tensor<"float32"> {
  const { shape, data } = checkpoint.read(name);
  return { dtype: "float32", shape, data: Float32Array.from(data as Float32Array) };
}

/** Tied heads that are stored a second time. */
function twins({ config, family, weights }: LanguageModel, checkpoint: Checkpoint, used: ReadonlyMap<string, unknown>) {
  const { shape } = weights.embedding.token;
  const isTwin = (name: string) => family.isBuffer(name) && checkpoint.entry(name).shape.join() === shape.join();
  return config.isTied ? [...checkpoint.tensors.keys()].filter((name) => !used.has(name) && isTwin(name)) : [];
}
