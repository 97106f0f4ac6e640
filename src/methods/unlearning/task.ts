/** The training task of an unlearning run: its loss, traced once, and its batches. */
import { hashOf, stream, type Tensor, tensor } from "#base";
import { mapTree, tensorType, type Value } from "#engine";
import type { LanguageModel, WeightTensors } from "#models";
import type { BatchRequest, TrainingTask } from "#training";
import { figureOf, valuesAt } from "./figure.ts";
import type { LossNumbers, UnlearningMethod, UnlearningMethodName } from "./methods.ts";
import { compileReference, type ReferenceProgram } from "./reference.ts";
import { type TextValues, textTypes, textView } from "./text-view.ts";
import { drawTexts, textTensors } from "./texts.ts";

/** What a loss needs besides texts. */
export interface LossSetting {
  readonly name: UnlearningMethodName;
  readonly numbers: LossNumbers;
  /** The block whose residual is steered. */
  readonly layer: number | undefined;
}

/** What is trained on what. */
export interface TaskParts {
  readonly method: UnlearningMethod;
  readonly setting: LossSetting;
  /** By path, trained in place. */
  readonly trained: Readonly<Record<string, Tensor<"float32">>>;
  /** By path, as they are. */
  readonly fixed: Readonly<Record<string, Tensor>>;
  /** The frozen start. */
  readonly reference: WeightTensors;
  readonly forget: readonly (readonly number[])[];
  readonly retain?: readonly (readonly number[])[];
  readonly batchSize?: number;
  readonly batchesPerStep?: number;
  readonly seed?: number;
  readonly threads?: number;
}

type Paths<Leaf> = Readonly<Record<string, Leaf>>;

/** The values of one step. */
interface TaskValues {
  readonly weights: Paths<Value>;
  readonly fixed: Paths<Value>;
  readonly batch: { readonly forget: TextValues; readonly retain?: TextValues; readonly direction: Value };
}

type Task = Omit<TrainingTask<Paths<Tensor<"float32">>, never, never>, "steps" | "optimizer" | "learningRate">;

/** Builds the task. */
export async function unlearningTask(model: LanguageModel, parts: TaskParts): Promise<Task> {
  const { setting, method, trained, fixed, seed = 0 } = parts;
  const batches = await Batches.prepare(model, parts);
  const loss = ({ weights, fixed: rest, batch }: TaskValues): Value => {
    const tree = valuesAt(mapTree(model.plan, (_, path) => weights[path] ?? rest[path]));
    const view = (texts: TextValues) =>
      textView(texts, figureOf(model, { texts, weights: tree, layer: setting.layer }));
    const forget = view(batch.forget);
    const retain = batch.retain === undefined ? forget : view(batch.retain);
    return method.loss({ forget, retain, direction: batch.direction, numbers: setting.numbers });
  };
  return {
    name: `unlearning-${hashOf({ setting: setting as never }).slice(0, 12)}`,
    weights: trained,
    seed,
    fixed: fixed as never,
    batch: batchTypes(model, parts) as never,
    loss: loss as never,
    nextBatch: (async (request: BatchRequest) => batches.at(request)) as never,
  };
}

function batchTypes({ config }: LanguageModel, { method }: TaskParts) {
  const { vocabularySize, hiddenSize } = config;
  const sizes = { vocabularySize, hiddenSize };
  return {
    forget: textTypes(["B", "T"], { reference: method.reference.forget, ...sizes }),
    ...(method.needsRetain ? { retain: textTypes(["B", "S"], { reference: method.reference.retain, ...sizes }) } : {}),
    direction: tensorType("float32", [hiddenSize]),
  };
}

/** Texts with what the frozen start says of them. */
class Batches {
  readonly #parts: TaskParts;
  readonly #references: { readonly forget: ReferenceProgram; readonly retain: ReferenceProgram };
  readonly #direction: Tensor;

  private constructor(parts: TaskParts, references: Batches["references"], direction: Tensor) {
    this.#parts = parts;
    this.#references = references;
    this.#direction = direction;
  }

  get references() {
    return this.#references;
  }

  static async prepare(model: LanguageModel, parts: TaskParts): Promise<Batches> {
    const { reference, method, setting, threads } = parts;
    const programOf = (side: "forget" | "retain") =>
      compileReference(model, reference, { kinds: method.reference[side], layer: setting.layer, threads });
    const references = { forget: await programOf("forget"), retain: await programOf("retain") };
    const { hiddenSize } = model.config;
    return new Batches(parts, references, steeringDirection(hiddenSize, { seed: parts.seed ?? 0, ...setting.numbers }));
  }

  async at({ step, part }: BatchRequest) {
    const { batchesPerStep = 1, method } = this.#parts;
    const batch = step * batchesPerStep + part;
    const forget = await this.#side("forget", batch);
    const direction = this.#direction;
    return method.needsRetain
      ? { forget, retain: await this.#side("retain", batch), direction }
      : { forget, direction };
  }

  async #side(side: "forget" | "retain", batch: number) {
    const { batchSize = 8, seed = 0 } = this.#parts;
    const texts = this.#parts[side] ?? [];
    const drawn = textTensors(drawTexts(texts, { batch, size: batchSize, seed, purpose: `unlearning/${side}` }));
    return { ...drawn, reference: await this.#references[side](drawn) };
  }
}

/** RMU's c · u: a random direction, its coordinates drawn evenly from 0 to 1, of length c. [C] */
export function steeringDirection(size: number, { seed, steering }: { seed: number; steering: number }): Tensor {
  const random = stream(seed, "unlearning/direction");
  const drawn = Array.from({ length: size }, () => random.next());
  const norm = Math.hypot(...drawn);
  return tensor(
    [size],
    drawn.map((value) => (steering * value) / norm),
  );
}
