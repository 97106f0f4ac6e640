/** What the trainings of all miniatures have in common. */
import { cpus } from "node:os";
import type { TrainMiniatureOptions } from "./miniature.ts";
import type { TrainingLogger } from "./training-logger.ts";

/** The machine that trains, for the log. */
export const machine = (): string => `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`;

/** What listens while a miniature is trained, and how long a gradient may be. */
export interface Watching {
  readonly log: TrainingLogger;
  readonly glance: () => Promise<Readonly<Record<string, number>>>;
  readonly clipNorm: number;
  /** Steps between two looks; 400 when left out. */
  readonly every?: number;
}

const stepsBetweenGlances = 400;
const stepsBetweenCheckpoints = 100;

/** A miniature's wishes as options of train(). */
export function trainingOptions(
  { checkpoints, threads, signal, onEvent }: TrainMiniatureOptions,
  { log, glance, clipNorm, every = stepsBetweenGlances }: Watching,
) {
  return {
    clipNorm,
    onEvent: log.listen(onEvent),
    evaluation: { every, measure: glance },
    checkpoints: { every: stepsBetweenCheckpoints, ...(checkpoints === undefined ? {} : { folder: checkpoints }) },
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
  };
}
