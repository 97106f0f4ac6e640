import { AssayError, type Tensor } from "#base";
import type { Checkpoint } from "../checkpoints/checkpoint.ts";
import type { StorageType } from "../checkpoints/storage-types.ts";
import type { TensorSource } from "../safetensors/write-file.ts";

/** New values for some tensors of a checkpoint; a function is called only when the tensor's turn comes. */
export type TensorChanges = ReadonlyMap<string, Tensor | (() => Tensor)>;

/** How a checkpoint is written again. */
export interface RewrittenTensorsOptions {
  readonly changes?: TensorChanges;
  /** Another number type for the float tensors; each keeps its own by default. */
  readonly storage?: StorageType;
}

/**
 * A checkpoint's tensors to be written again: unchanged ones as the bytes they are, changed ones rounded to the storage
 * type of the source. The names are the source's own, so that a head which is tied and left out there stays left out.
 *
 * @throws AssayError TENSOR_MISSING for a change to a tensor that the source has not, SHAPE_MISMATCH for another shape
 */
export function rewrittenTensors(
  source: Checkpoint,
  { changes = new Map(), storage }: RewrittenTensorsOptions = {},
): TensorSource[] {
  for (const name of changes.keys()) source.entry(name);
  return [...source.tensors.values()].map((entry) => {
    const change = changes.get(entry.name);
    const target = storage !== undefined && floats.has(entry.storage) ? storage : entry.storage;
    const load =
      change === undefined ? unchanged(source, entry.name, target === entry.storage) : () => changed(entry, change);
    return { name: entry.name, shape: entry.shape, storage: target, load };
  });
}

const floats: ReadonlySet<StorageType> = new Set(["F32", "F16", "BF16"]);

const unchanged = (source: Checkpoint, name: string, isSame: boolean) => (): Tensor | Uint8Array =>
  isSame ? source.readRaw(name) : source.read(name);

function changed({ name, shape }: Pick<TensorSource, "name" | "shape">, change: Tensor | (() => Tensor)): Tensor {
  const tensor = typeof change === "function" ? change() : change;
  if (tensor.shape.join() === shape.join()) return tensor;
  const expected = `Expected "${name}" [${shape.join(", ")}], got [${tensor.shape.join(", ")}]`;
  throw new AssayError("SHAPE_MISMATCH", `checkpoint: ${expected}`);
}
