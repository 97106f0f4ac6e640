/** Merging models that are in memory. */
import { AssayError, stream, type Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import type { MergeSettings } from "#formats";
import type { LanguageModel, WeightTensors } from "#models";
import { type MergeMethodName, mergeMethods } from "./merge-tensor.ts";

/** One model of a merge, with its own settings. */
export interface LoadedInput {
  readonly model: LanguageModel;
  readonly settings?: MergeSettings;
}

/** How models in memory are merged. */
export interface MergeLoadedOptions {
  readonly method: MergeMethodName;
  /** The model that the others were made of; the result has its tokenizer and folder. */
  readonly base: LanguageModel;
  readonly models: readonly LoadedInput[];
  /** For all of them: `lambda`, `normalize`, `rescale`, `t`, `density`, `weight`. */
  readonly settings?: MergeSettings;
  /** Decides what DARE drops. Default 0. */
  readonly seed?: number;
}

/**
 * Merges models of one shape and vocabulary that are in memory, weight by weight in our own structure. No gradient or
 * filter over a checkpoint's names applies: weights are called by their paths, `blocks.3.mlp.down.weight`.
 *
 * For slerp `models` holds the one at the other end of the arc, for linear all of them.
 *
 * @throws AssayError MERGE_SHAPE, MERGE_INPUTS_INVALID, MERGE_SETTING_INVALID, WEIGHTS_STREAMED
 */
export function mergeLoaded({ method, base, models, settings = {}, seed = 0 }: MergeLoadedOptions): LanguageModel {
  const leaves = models.map(({ model }) => leavesOf<Tensor>(model.weights));
  const random = stream(seed, "merge/dare");
  const layers = base.config.layers;
  const weights = mapTree(base.weights, (leaf, path) => {
    const { shape, data } = leaf as Tensor<"float32">;
    const parts = leaves.map((tensors, at) => {
      return { data: numbersOf(tensors.get(path), { path, shape }), settings: [models[at]!.settings ?? {}] };
    });
    const layer = Number(/^blocks\.(\d+)\./.exec(path)?.[1] ?? 0);
    const place = { name: path, depth: layers > 1 ? layer / (layers - 1) : 0 };
    return {
      dtype: "float32",
      shape,
      data: mergeMethods[method].merge({ place, base: data, parts, settings: [settings], random }),
    };
  }) as WeightTensors;
  return base.withWeights(weights);
}

function numbersOf(
  tensor: Tensor | undefined,
  { path, shape }: { readonly path: string; readonly shape: readonly number[] },
): Float32Array {
  if (tensor?.shape.join() === shape.join()) return tensor.data as Float32Array;
  const got = tensor === undefined ? "none" : `[${tensor.shape.join(", ")}]`;
  throw new AssayError("MERGE_SHAPE", `merge: Expected "${path}" [${shape.join(", ")}] in every model, got ${got}`);
}
