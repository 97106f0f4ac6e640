import { loadModel } from "#models";
import type { LlamaTensors } from "./weights.ts";

/** The weights of a folder as they were written, in half precision, widened again. */
export async function loadWeights(folder: string): Promise<LlamaTensors> {
  using model = await loadModel(folder);
  return model.weights as unknown as LlamaTensors;
}
