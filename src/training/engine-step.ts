/** The computation of a step: loss and mean gradient over its batches. */
import { AssayError, type Tensor } from "#base";
import {
  accumulate,
  compile,
  firstNonFinite,
  type LossResult,
  leavesOf,
  type NonFinitePlace,
  type Program,
  type TensorsOf,
  typesOf,
  Value,
  valueAndGrad,
  zeroTree,
} from "#engine";
import type { ErasedTask } from "./task.ts";

interface Signature {
  readonly weights: unknown;
  readonly fixed?: unknown;
  readonly batch: unknown;
}

/** What the batches of a step gave. */
export interface StepGradient<Weights> {
  /** The mean over the batches. */
  readonly loss: number;
  /** The sum over the batches; overwritten by the next step. */
  readonly gradients: TensorsOf<Weights>;
}

/** A loss made ready to be differentiated again and again. */
export class GradientStep<Weights> {
  readonly #task: ErasedTask<Weights>;
  readonly #program: Program<unknown, { readonly value: { readonly loss: Value }; readonly gradient: Weights }>;
  readonly #threads: { readonly threads?: number };
  #sum: TensorsOf<Weights> | undefined;

  private constructor(
    task: ErasedTask<Weights>,
    program: GradientStep<Weights>["program"],
    threads: { readonly threads?: number },
  ) {
    this.#task = task;
    this.#program = program;
    this.#threads = threads;
  }

  get program() {
    return this.#program;
  }

  static async prepare<Weights>(
    task: ErasedTask<Weights>,
    threads: { readonly threads?: number },
  ): Promise<GradientStep<Weights>> {
    const loss = (inputs: unknown) => ({ loss: scalarOf(task.loss(inputs as never)) });
    const program = await compile(valueAndGrad(loss, { wrt: "weights" }) as never, signatureOf(task), threads);
    return new GradientStep(task, program as never, threads);
  }

  /** @throws AssayError LOSS_NOT_FINITE */
  async run(batches: readonly unknown[], step: number): Promise<StepGradient<Weights>> {
    let total = 0;
    let gradients: TensorsOf<Weights> | undefined;
    for (const [at, batch] of batches.entries()) {
      const found = await this.#program.run(this.#inputs(batch) as never, { outputs: "reuse" });
      const loss = Number((found.value.loss as unknown as Tensor).data[0]);
      if (!Number.isFinite(loss)) throw await this.explain(`a finite loss, got ${loss}`, { batch, step });
      total += loss;
      gradients = await this.#add(found.gradient as TensorsOf<Weights>, {
        isOnly: batches.length === 1,
        isFirst: at === 0,
      });
    }
    return { loss: total / batches.length, gradients: gradients! };
  }

  async #add(
    gradient: TensorsOf<Weights>,
    { isOnly, isFirst }: { isOnly: boolean; isFirst: boolean },
  ): Promise<TensorsOf<Weights>> {
    if (isOnly) return gradient;
    this.#sum ??= zeroTree(gradient);
    if (isFirst) for (const { data } of leavesOf<Tensor<"float32">>(this.#sum).values()) data.fill(0);
    await accumulate(this.#sum, gradient, this.#threads);
    return this.#sum;
  }

  /** The error that says where a number that is not finite came from. */
  async explain(expected: string, { batch, step }: { batch: unknown; step: number }): Promise<AssayError> {
    const hunt = { signature: signatureOf(this.#task), inputs: this.#inputs(batch), ...this.#threads };
    const place = await firstNonFinite(
      (inputs) => ({ loss: scalarOf(this.#task.loss(inputs as never)) }),
      hunt as never,
    );
    const message = `training: Expected ${expected} at step ${step + 1}; ${describe(place)}`;
    return new AssayError("LOSS_NOT_FINITE", message, { details: { step: step + 1, place: place ?? null } });
  }

  #inputs(batch: unknown): Signature {
    const { weights, fixed } = this.#task;
    return { weights, ...(fixed === undefined ? {} : { fixed }), batch };
  }
}

const scalarOf = (result: LossResult): Value => (result instanceof Value ? result : result.loss);

function signatureOf({ weights, fixed, batch }: ErasedTask<unknown>): Signature {
  return { weights: typesOf(weights), ...(fixed === undefined ? {} : { fixed: typesOf(fixed) }), batch };
}

function describe(place: NonFinitePlace | undefined): string {
  if (place === undefined) return "every tap is finite: it came up in the backward pass";
  const wayOut = "lower the learning rate, or clip the gradient";
  if (place.kind === "input") return `"${place.name}" was not finite before the step; ${wayOut}`;
  if (place.kind === "output") return `every tap is finite: it came up between the last tap and the ${place.name}`;
  return `it came up first in tap "${place.name}"; ${wayOut}`;
}
