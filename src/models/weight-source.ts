import { type Tensor, zeros } from "#base";
import { leavesOf, mapTree } from "#engine";
import type { Checkpoint } from "#formats";
import type { DecoderWeights } from "./family.ts";
import { readWeight, type StoredWeight } from "./stored-weight.ts";

/** The weights of a model as tensors. */
export type WeightTensors = DecoderWeights<Tensor>;
/** Where a checkpoint keeps the weights of a model. */
export type WeightPlan = DecoderWeights<StoredWeight>;

/** What gives a model's weights to whoever runs it. */
export interface WeightSource {
  /** Everything outside the blocks. */
  readonly outer: Omit<WeightTensors, "blocks">;
  /** One block's weights; where they are streamed, valid until the next call. */
  block(layer: number): object;
  /** All of them, where they are in memory. */
  readonly all: WeightTensors | undefined;
  close(): void;
}

/** Every weight of a tree. @throws AssayError as readWeight() */
export const readTree = (checkpoint: Checkpoint, tree: unknown): unknown =>
  mapTree(tree, (leaf) => readWeight(checkpoint, leaf as StoredWeight));

/** Reads every weight once. @throws AssayError as readWeight() */
export function residentWeights(checkpoint: Checkpoint, plan: WeightPlan): WeightSource {
  const all = readTree(checkpoint, plan) as WeightTensors;
  checkpoint.close();
  return sourceOf(all);
}

/** Weights that are in memory already. */
export function sourceOf(all: WeightTensors): WeightSource {
  const { blocks, ...outer } = all;
  return { outer, all, block: (layer) => blocks[layer]!, close() {} };
}

/** Keeps what is outside the blocks, and one block at a time in memory that is used again for the next. @throws AssayError as readWeight() */
export function streamedWeights(checkpoint: Checkpoint, plan: WeightPlan): WeightSource {
  const { blocks, ...outerPlan } = plan;
  const outer = readTree(checkpoint, outerPlan) as WeightSource["outer"];
  const buffers = mapTree(blocks[0], ({ shape }) => zeros(shape as number[])) as object;
  let held = -1;
  return {
    outer,
    all: undefined,
    block(layer) {
      if (layer === held) return buffers;
      // Until all of it is read, the buffers hold no block whole: a reading that fails must not pass for the one before.
      held = -1;
      fill(buffers, blocks[layer], checkpoint);
      held = layer;
      return buffers;
    },
    close: () => checkpoint.close(),
  };
}

function fill(buffers: object, plan: unknown, checkpoint: Checkpoint): void {
  const targets = leavesOf<Tensor>(buffers);
  for (const [path, weight] of leavesOf<StoredWeight>(plan)) {
    readWeight(checkpoint, weight, { into: targets.get(path)!.data as Float32Array });
  }
}
