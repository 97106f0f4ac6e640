/** Evaluating an edited model with the programs of the model that it came from. */
import type { Tensor } from "#base";
import { leavesOf } from "#engine";
import type { LanguageModel } from "#models";

/**
 * Runs something while a model holds the weights of an edited one, and gives it its own bytes back: programs are compiled
 * once for all edits, and no second model is kept.
 */
export async function lend<T>(model: LanguageModel, edited: LanguageModel, use: () => Promise<T>): Promise<T> {
  const own = leavesOf<Tensor<"float32">>(model.weights);
  const changed = [...leavesOf<Tensor<"float32">>(edited.weights)].filter(
    ([path, { data }]) => data !== own.get(path)!.data,
  );
  const kept = changed.map(([path]) => own.get(path)!.data.slice());
  for (const [path, { data }] of changed) own.get(path)!.data.set(data);
  try {
    return await use();
  } finally {
    for (const [at, [path]] of changed.entries()) own.get(path)!.data.set(kept[at]!);
  }
}
