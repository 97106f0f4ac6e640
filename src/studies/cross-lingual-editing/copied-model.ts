/** A model with weights of its own, and weights as bytes that a run can keep. */
import type { Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import type { LanguageModel, WeightTensors } from "#models";

/** A copy that may be trained in place. */
export function copiedModel(model: LanguageModel): LanguageModel {
  const weights = mapTree(model.weights, (leaf) => {
    const { dtype, shape, data } = leaf as Tensor<"float32">;
    return { dtype, shape, data: data.slice() };
  });
  return model.withWeights(weights as WeightTensors);
}

/** All weights, one after the other. */
export function bytesOfWeights({ weights }: LanguageModel): Uint8Array {
  const parts = [...leavesOf<Tensor>(weights).values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return Buffer.concat(parts);
}

/** Writes such bytes into a model's weights. */
export function setWeights({ weights }: LanguageModel, bytes: Uint8Array): void {
  const numbers = new Float32Array(Uint8Array.from(bytes).buffer);
  let next = 0;
  for (const { data } of leavesOf<Tensor<"float32">>(weights).values()) {
    data.set(numbers.subarray(next, next + data.length));
    next += data.length;
  }
}
