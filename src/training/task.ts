import type { RandomStream } from "#base";
import type { LossResult, Mask, OptimizerRule, ParameterGroup, Schedule, TensorsOf, ValuesOf } from "#engine";
import type { TrainingEvent } from "./events.ts";

/** Where a batch is asked for. */
export interface BatchRequest {
  /** Finished steps, from 0. */
  readonly step: number;
  /** Which of the step's batches, from 0; more than one when gradients are accumulated. */
  readonly part: number;
  /** The stream for a purpose; checkpoints keep where it stands. */
  random(purpose: string): RandomStream;
}

/** What is trained: weights, a loss, data, and how to step. */
export interface TrainingTask<Weights, Batch, Fixed = undefined> {
  /** Names the folder of its checkpoints. */
  readonly name: string;
  /** Trained in place. */
  readonly weights: Weights;
  /** Tensors that the loss needs and nothing trains: a frozen base model. */
  readonly fixed?: Fixed;
  /** Types of what `nextBatch` gives. */
  readonly batch: Batch;
  /** Traced once. Whatever it draws on comes in as an input. */
  readonly loss: (inputs: {
    readonly weights: ValuesOf<Weights>;
    readonly fixed: ValuesOf<Fixed>;
    readonly batch: ValuesOf<Batch>;
  }) => LossResult;
  /** Must depend on the request alone, or a resumed training sees other data. */
  readonly nextBatch: (request: BatchRequest) => TensorsOf<Batch> | Promise<TensorsOf<Batch>>;
  readonly steps: number;
  readonly optimizer: OptimizerRule;
  readonly learningRate: number | Schedule;
  /** Of all random streams. */
  readonly seed: number;
}

/** A task whose types no longer matter. */
export interface ErasedTask<Weights> extends Omit<TrainingTask<Weights, unknown, unknown>, "loss"> {
  readonly loss: (inputs: never) => LossResult;
}

/** When to look at the model, and how. */
export interface EvaluationPlan<Weights> {
  /** Steps between evaluations; the last step is always followed by one. */
  readonly every: number;
  measure(weights: Weights, step: number): Promise<Readonly<Record<string, number>>>;
}

/** When and where to keep the state. */
export interface CheckpointPlan {
  /** Steps between checkpoints; the last step is always followed by one. */
  readonly every: number;
  /** By default `training/<name>` in the lab's home, outside the working tree. */
  readonly folder?: string;
  /** How many of the latest to keep; 2 when left out. */
  readonly keep?: number;
  /** Whether to go on from the folder's latest checkpoint; true when left out. */
  readonly resume?: boolean;
}

/** How it is trained. */
export interface TrainingOptions<Weights> {
  readonly groups?: readonly ParameterGroup[];
  readonly masks?: Readonly<Record<string, Mask>>;
  /** The longest gradient, over all weights together; no limit when left out. */
  readonly clipNorm?: number;
  /** Batches whose mean gradient makes one step; 1 when left out. */
  readonly batchesPerStep?: number;
  readonly threads?: number;
  readonly checkpoints?: CheckpointPlan;
  readonly evaluation?: EvaluationPlan<Weights>;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** Stops after the step that is running, with a checkpoint. */
  readonly signal?: AbortSignal;
}
