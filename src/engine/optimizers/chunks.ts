/** Tensors in pieces that fit the processor's cache: a chain of elementwise operators passes over each piece, not over the tree. */
import { type DType, sizeOf, type Tensor } from "#base";
import type { CompileOptions } from "../runtime/session.ts";

/** How a program that passes over whole trees is compiled. */
export type PassOptions = Pick<CompileOptions, "threads" | "spin">;

/** Passes take turns with the program that computes gradients: threads that spin between turns would slow that one down. */
export const passDefaults: PassOptions = { spin: false };

/** Values a piece. */
export const chunkSize = 2 ** 17;

/** Views are kept with their tensor, so that a training loop makes them once. */
const kept = new WeakMap<Tensor, readonly Tensor[]>();

/** Flat views of a tensor, at most `chunkSize` values each; nothing is copied. */
export function chunksOf<D extends DType>(tensor: Tensor<D>): readonly Tensor<D>[] {
  const views = kept.get(tensor) ?? cut(tensor);
  kept.set(tensor, views);
  return views as readonly Tensor<D>[];
}

function cut({ dtype, shape, data }: Tensor): Tensor[] {
  const size = sizeOf(shape);
  return Array.from({ length: Math.ceil(size / chunkSize) }, (_, at) => {
    const view = data.subarray(at * chunkSize, Math.min((at + 1) * chunkSize, size));
    return { dtype, shape: [view.length], data: view };
  });
}
