/** What must be the same when a training goes on, and where it is kept. */
import { join } from "node:path";
import { hashOf, sha256, type Tensor } from "#base";
import { leavesOf } from "#engine";
import { assayHome } from "#runs";
import type { CheckpointPlan, ErasedTask, TrainingOptions } from "./task.ts";

/** Where the checkpoints of a training lie. */
export const folderOf = (name: string, { folder }: CheckpointPlan): string =>
  folder ?? join(assayHome(process.env), "training", name);

/** What decides the weights to the last bit, apart from the data and the schedule, which are code. */
export function settingsOf<Weights>(
  task: ErasedTask<Weights>,
  { clipNorm, batchesPerStep = 1, groups = [], masks }: TrainingOptions<Weights>,
  { program, trained }: { program: string; trained: readonly string[] },
): Record<string, string> {
  const groupNumbers = groups.map(({ rateFactor = 1, weightDecay = null }) => [rateFactor, weightDecay]);
  const groupOf = (path: string) => groups.findIndex(({ match }) => match(path));
  return {
    program,
    optimizer: hashOf({ ...task.optimizer.settings, name: task.optimizer.name, groups: groupNumbers, trained }),
    ...(groups.length === 0 ? {} : { groups: hashOf(trained.map(groupOf)) }),
    ...(masks === undefined ? {} : { masks: contentOf(masks) }),
    "start weights": contentOf(task.weights),
    ...(task.fixed === undefined ? {} : { "fixed tensors": contentOf(task.fixed) }),
    seed: String(task.seed),
    "clip norm": String(clipNorm ?? "none"),
    "batches per step": String(batchesPerStep),
  };
}

/** A hash of every number of a tree, and where it stands. */
const contentOf = (tree: unknown): string =>
  hashOf(
    [...leavesOf<Tensor>(tree)].map(([path, { data }]) => [
      path,
      sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    ]),
  );
