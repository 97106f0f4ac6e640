/** The training loop: batches in, weights better, state kept. */
import { setImmediate } from "node:timers/promises";
import { AssayError, type Tensor } from "#base";
import {
  clipScale,
  compileOptimizer,
  globalNorm,
  isAllFinite,
  leavesOf,
  type Optimizer,
  type OptimizerState,
  type Schedule,
  type TensorsOf,
} from "#engine";
import { listCheckpoints, loadCheckpoint, removeDrafts, saveCheckpoint, type TrainingState } from "./checkpoint.ts";
import { GradientStep } from "./engine-step.ts";
import type { TrainingEvent, TrainingStatus } from "./events.ts";
import { Pace } from "./pace.ts";
import { folderOf, settingsOf } from "./settings.ts";
import { NamedStreams } from "./streams.ts";
import type { ErasedTask, TrainingOptions, TrainingTask } from "./task.ts";

/** How training ended. */
export interface TrainingResult<Weights> {
  readonly status: TrainingStatus;
  /** Finished steps. */
  readonly step: number;
  /** Of the last step of this process; null when there was none to make. */
  readonly loss: number | null;
  /** The tree that was given. */
  readonly weights: Weights;
}

/**
 * Trains weights in place. A training that was killed goes on from its last checkpoint and ends with the same weights,
 * byte for byte, as one that was not: data, dropout masks and the like come from the task's random streams alone.
 *
 * @throws AssayError LOSS_NOT_FINITE, naming the tap where it came up and the last good checkpoint; CHECKPOINT_MISMATCH; OPTION_RANGE;
 *   whatever compile() and compileOptimizer() throw
 * @example await train(task, { clipNorm: 1, checkpoints: { every: 100 }, onEvent: (event) => show(event) })
 */
export async function train<Weights, Batch, Fixed = undefined>(
  task: TrainingTask<Weights, Batch, Fixed>,
  options: TrainingOptions<Weights> = {},
): Promise<TrainingResult<Weights>> {
  expectPositive({ batchesPerStep: options.batchesPerStep, steps: task.steps });
  expectPositive({ "checkpoints.every": options.checkpoints?.every, "checkpoints.keep": options.checkpoints?.keep });
  expectPositive({ "evaluation.every": options.evaluation?.every });
  expectClipNorm(options.clipNorm);
  const loop = await TrainingLoop.prepare(task as never, options);
  return loop.run();
}

function expectPositive(numbers: Readonly<Record<string, number | undefined>>): void {
  for (const [name, number] of Object.entries(numbers)) {
    if (number === undefined || (Number.isInteger(number) && number > 0)) continue;
    throw new AssayError("OPTION_RANGE", `train: Expected a whole number above zero for ${name}, got ${number}`);
  }
}

/** A negative one would turn every gradient round. */
function expectClipNorm(clipNorm: number | undefined): void {
  if (clipNorm === undefined || clipNorm > 0) return;
  throw new AssayError("OPTION_RANGE", `train: Expected a number above zero for clipNorm, got ${clipNorm}`);
}

interface LoopParts<Weights> {
  readonly task: ErasedTask<Weights>;
  readonly options: TrainingOptions<Weights>;
  readonly gradientStep: GradientStep<Weights>;
  readonly optimizer: Optimizer<Weights>;
  readonly settings: Readonly<Record<string, string>>;
}

class TrainingLoop<Weights> {
  readonly #parts: LoopParts<Weights>;
  readonly #state: OptimizerState;
  readonly #streams: NamedStreams;
  readonly #pace = new Pace();
  readonly #rate: Schedule;
  #step = 0;
  #loss: number | null = null;
  #savedAt: number | null = null;

  private constructor(parts: LoopParts<Weights>) {
    this.#parts = parts;
    this.#state = parts.optimizer.start();
    this.#streams = new NamedStreams(parts.task.seed);
    const { learningRate } = parts.task;
    this.#rate = typeof learningRate === "number" ? () => learningRate : learningRate;
  }

  static async prepare<Weights>(
    task: ErasedTask<Weights>,
    options: TrainingOptions<Weights>,
  ): Promise<TrainingLoop<Weights>> {
    const { groups = [], masks = {}, threads } = options;
    const withThreads = threads === undefined ? {} : { threads };
    const gradientStep = await GradientStep.prepare(task, withThreads);
    const optimizer = await compileOptimizer(task.optimizer, task.weights, { groups, masks, ...withThreads });
    const program = `${gradientStep.program.identity.hash}/${optimizer.identity}`;
    // Reading every weight for its hash is worth it where there is something to go on from.
    const settings =
      options.checkpoints === undefined ? {} : settingsOf(task, options, { program, trained: optimizer.trained });
    return new TrainingLoop({ task, options, gradientStep, optimizer, settings });
  }

  async run(): Promise<TrainingResult<Weights>> {
    const { task, options } = this.#parts;
    const resumedFrom = this.#resume();
    this.#tell({ type: "training-start", step: this.#step, steps: task.steps, resumedFrom });
    while (this.#step < task.steps && !options.signal?.aborted) {
      await this.#advance();
      // ONNX Runtime never yields: signals and timers would wait for the end of the training.
      await setImmediate();
    }
    if (options.signal?.aborted && this.#step < task.steps) this.#save();
    const status = this.#step < task.steps ? "stopped" : "finished";
    this.#tell({ type: "training-end", step: this.#step, status });
    return { status, step: this.#step, loss: this.#loss, weights: task.weights };
  }

  async #advance(): Promise<void> {
    const { task, options } = this.#parts;
    const began = performance.now();
    const figures = await this.#stepOnce();
    const durationMs = performance.now() - began;
    this.#pace.add(durationMs);
    const secondsLeft = this.#pace.secondsLeft(task.steps - this.#step);
    this.#tell({ type: "step-end", step: this.#step, steps: task.steps, ...figures, durationMs, secondsLeft });
    if (this.#isDue(options.evaluation?.every)) await this.#evaluate();
    if (this.#isDue(options.checkpoints?.every)) this.#save();
  }

  #isDue(every: number | undefined): boolean {
    return every !== undefined && (this.#step % every === 0 || this.#step === this.#parts.task.steps);
  }

  async #stepOnce(): Promise<{ loss: number; gradientNorm: number; learningRate: number }> {
    const { task, options, gradientStep, optimizer } = this.#parts;
    const batches = await this.#batches();
    const { loss, gradients } = await this.#guarded(() => gradientStep.run(batches, this.#step));
    const gradientNorm = (await globalNorm(gradients, this.#threads())) / batches.length;
    if (!Number.isFinite(gradientNorm)) await this.#refuse(gradientNorm, gradients, batches);
    const clip = options.clipNorm === undefined ? 1 : clipScale(gradientNorm, options.clipNorm);
    const learningRate = this.#rate(this.#step);
    const trees = { weights: task.weights, gradients, state: this.#state };
    await optimizer.step(trees, { learningRate, gradientScale: clip / batches.length });
    this.#step++;
    this.#loss = loss;
    return { loss, gradientNorm, learningRate };
  }

  async #batches(): Promise<unknown[]> {
    const { task, options } = this.#parts;
    const batches: unknown[] = [];
    for (let part = 0; part < (options.batchesPerStep ?? 1); part++) {
      const random = (purpose: string) => this.#streams.get(purpose);
      batches.push(await task.nextBatch({ step: this.#step, part, random }));
    }
    return batches;
  }

  #threads(): { readonly threads?: number } {
    const { threads } = this.#parts.options;
    return threads === undefined ? {} : { threads };
  }

  async #refuse(norm: number, gradients: TensorsOf<Weights>, batches: readonly unknown[]): Promise<never> {
    const leaves = [...leavesOf<Tensor>(gradients)];
    const place = leaves.find(([, tensor]) => !isAllFinite(tensor))?.[0];
    const got = place === undefined ? `a gradient of norm ${norm}` : `a gradient that is not finite for "${place}"`;
    const explained = this.#parts.gradientStep.explain(`a finite gradient, got ${got}`, {
      batch: batches.at(-1),
      step: this.#step,
    });
    return this.#guarded(async () => {
      throw await explained;
    });
  }

  /** Adds the last good checkpoint to the error that stops the training. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AssayError) || error.code !== "LOSS_NOT_FINITE") throw error;
      throw this.#stopped(error);
    }
  }

  #stopped(error: AssayError): AssayError {
    const checkpoint = this.#folder() === null ? null : (listCheckpoints(this.#folder()!).at(-1) ?? null);
    const kept = checkpoint === null ? "there is no checkpoint" : `the last good checkpoint is ${checkpoint}`;
    return new AssayError(error.code, `${error.message}; ${kept}`, { details: { ...error.details, checkpoint } });
  }

  async #evaluate(): Promise<void> {
    const { evaluation } = this.#parts.options;
    const metrics = await evaluation!.measure(this.#parts.task.weights, this.#step);
    this.#tell({ type: "evaluation-end", step: this.#step, metrics });
  }

  #resume(): string | null {
    const folder = this.#folder();
    if (folder === null) return null;
    removeDrafts(folder);
    const latest = listCheckpoints(folder).at(-1);
    if (latest === undefined || this.#parts.options.checkpoints!.resume === false) return null;
    const { step, streams } = loadCheckpoint(latest, this.#trainingState(), this.#parts.settings);
    this.#step = step;
    this.#savedAt = step;
    this.#streams.restore(streams);
    return latest;
  }

  #save(): void {
    const folder = this.#folder();
    if (folder === null || this.#savedAt === this.#step) return;
    const { keep = 2 } = this.#parts.options.checkpoints!;
    this.#expectFiniteWeights();
    const notes = { step: this.#step, streams: this.#streams.state(), settings: this.#parts.settings };
    const path = saveCheckpoint(folder, this.#trainingState(), { ...notes, keep });
    this.#savedAt = this.#step;
    this.#tell({ type: "checkpoint-end", step: this.#step, path });
  }

  /** A checkpoint that cannot be trained further would push out the last good one. */
  #expectFiniteWeights(): void {
    for (const [path, tensor] of leavesOf<Tensor>(this.#parts.task.weights, "weights")) {
      if (isAllFinite(tensor)) continue;
      const message = `training: Expected finite weights after step ${this.#step}, got "${path}" that is not`;
      const details = { step: this.#step, place: { kind: "input", name: path } };
      throw this.#stopped(new AssayError("LOSS_NOT_FINITE", `${message}; lower the learning rate`, { details }));
    }
  }

  #trainingState(): TrainingState {
    return { weights: this.#parts.task.weights, optimizer: this.#state };
  }

  #folder(): string | null {
    const { task, options } = this.#parts;
    return options.checkpoints === undefined ? null : folderOf(task.name, options.checkpoints);
  }

  #tell(event: TrainingEvent): void {
    this.#parts.options.onEvent?.(event);
  }
}
