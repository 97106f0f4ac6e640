/** Trains a language model to forget texts, in float32, touching what its scope names and nothing else. */
import { AssayError, suggestion, type Tensor } from "#base";
import { adamW, leavesOf, mapTree, type OptimizerRule, type Schedule } from "#engine";
import { type LanguageModel, threadsOf, type WeightTensors } from "#models";
import { type TrainingEvent, train } from "#training";
import { expectLayer, type ValueVectorPlace } from "../value-vectors/place.ts";
import { bfloat16Copy, inBfloat16 } from "./bfloat16.ts";
import { type LossNumbers, lossNumbers, type UnlearningMethodName, unlearningMethods } from "./methods.ts";
import { unlearningRate } from "./rate.ts";
import { selectScope } from "./scope.ts";
import { type LossSetting, unlearningTask } from "./task.ts";

/** How a model is made to forget. */
export interface UnlearnOptions {
  readonly method: UnlearningMethodName;
  /** One of `unlearningScopes`. */
  readonly scope: string;
  /** The value vector of the scope `needle`. */
  readonly place?: ValueVectorPlace;
  /** Texts to forget, as token ids. */
  readonly forget: readonly (readonly number[])[];
  /** Texts to keep; needed by methods that compare with them. */
  readonly retain?: readonly (readonly number[])[];
  readonly steps: number;
  /** The peak. */
  readonly learningRate: number;
  /** Steps until the peak; none when left out. */
  readonly warmUp?: number;
  /** Texts in a batch; 8 when left out. */
  readonly batchSize?: number;
  /** Batches whose mean gradient makes a step; 1 when left out. */
  readonly batchesPerStep?: number;
  /** λ of AdamW; the authors' 0.01 when left out. It moves nothing outside the scope. */
  readonly weightDecay?: number;
  readonly numbers?: Partial<LossNumbers>;
  /** The block that RMU steers. */
  readonly layer?: number;
  /** Keeps the trained weights in bfloat16, as machines without float32 masters do. */
  readonly bfloat16?: boolean;
  readonly seed?: number;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
}

/** A model that was made to forget. */
export interface Unlearned {
  /** Shares every weight that the scope leaves alone with the model it came from. */
  readonly model: LanguageModel;
  /** Of the last step. */
  readonly loss: number | null;
  readonly steps: number;
  /** Paths of the weights that were trained. */
  readonly trained: readonly string[];
  /** The learning rate of each step, for the bound on what it could do. */
  readonly rate: Schedule;
}

/**
 * Unlearns with one of the methods of the table. The given model keeps its weights.
 *
 * @throws AssayError METHOD_UNKNOWN, SCOPE_UNKNOWN, PLACE_MISSING, LAYER_OUT_OF_RANGE, COLUMN_OUT_OF_RANGE, RETAIN_MISSING,
 *   ARTICLE_EMPTY, WEIGHTS_STREAMED, LOSS_NOT_FINITE, ABORTED; whatever train() throws
 * @example await unlearn(model, { method: "npo", scope: "full", forget, steps: 30, learningRate: 5e-5 })
 */
export async function unlearn(model: LanguageModel, given: UnlearnOptions): Promise<Unlearned> {
  const options = { ...threadsOf(model.config), ...given };
  const method = readMethod(options.method);
  const setting = settingOf(model, options);
  const selection = selectScope(options.scope, { place: options.place, config: model.config });
  const start = startOf(model.weights, { ...options, includes: selection.includes });
  const rate = unlearningRate({ peak: options.learningRate, steps: options.steps, warmUp: options.warmUp ?? 0 });
  const task = await unlearningTask(model, { ...options, ...start, setting, method });
  const shapes = new Map(Object.entries(start.trained).map(([path, { shape }]) => [path, shape]));
  const { status, loss, step } = await train(
    { ...task, steps: options.steps, optimizer: optimizerOf(options), learningRate: rate },
    { masks: selection.masks(shapes), ...listening(options) },
  );
  if (status === "stopped") {
    const claim = `Expected to train for ${options.steps} steps, got a stop after ${step}`;
    throw new AssayError("ABORTED", `unlearning: ${claim}; nothing was kept`);
  }
  const weights = mapTree(model.weights, (leaf, path) => start.trained[path] ?? leaf) as WeightTensors;
  return { model: model.withWeights(weights), loss, steps: step, trained: Object.keys(start.trained), rate };
}

function readMethod(name: string) {
  if (Object.hasOwn(unlearningMethods, name)) return unlearningMethods[name as UnlearningMethodName];
  const names = Object.keys(unlearningMethods);
  const claim = `Expected one of ${names.join(", ")}, got "${name}"${suggestion(name, names)}`;
  throw new AssayError("METHOD_UNKNOWN", `unlearning: ${claim}`);
}

/** What the loss needs besides texts, checked. */
function settingOf(model: LanguageModel, { method, forget, retain, numbers, layer }: UnlearnOptions): LossSetting {
  const { needsRetain, steersLayer } = unlearningMethods[method];
  if (forget.length === 0) {
    throw new AssayError("ARTICLE_EMPTY", "unlearning: Expected at least one text to forget, got none");
  }
  if (needsRetain && (retain ?? []).length === 0) {
    throw new AssayError("RETAIN_MISSING", `unlearning: Expected texts to keep for ${method}, got none; give retain`);
  }
  if (!steersLayer) return { name: method, numbers: lossNumbers(method, numbers), layer: undefined };
  if (layer === undefined) {
    throw new AssayError("LAYER_MISSING", `unlearning: Expected the layer that ${method} steers, got none; give layer`);
  }
  expectLayer(layer, model.config);
  return { name: method, numbers: lossNumbers(method, numbers), layer };
}

/** Copies of what is trained, the rest as it is, and the weights of the frozen start. */
function startOf(
  weights: WeightTensors,
  { bfloat16 = false, includes }: { readonly bfloat16?: boolean; includes(path: string): boolean },
) {
  const copied = (leaf: Tensor<"float32">) => (bfloat16 ? bfloat16Copy(leaf) : { ...leaf, data: leaf.data.slice() });
  const trained: Record<string, Tensor<"float32">> = {};
  const fixed: Record<string, Tensor> = {};
  const rounded: Record<string, Tensor> = {};
  for (const [path, leaf] of leavesOf<Tensor<"float32">>(weights)) {
    if (!includes(path)) fixed[path] = leaf;
    else trained[path] = copied(leaf);
    if (includes(path) && bfloat16) rounded[path] = bfloat16Copy(leaf);
  }
  const reference = mapTree(weights, (leaf, path) => rounded[path] ?? leaf) as WeightTensors;
  return { trained, fixed, reference };
}

function optimizerOf({ weightDecay = 0.01, bfloat16 = false }: UnlearnOptions): OptimizerRule {
  const rule = adamW({ weightDecay });
  return bfloat16 ? inBfloat16(rule) : rule;
}

function listening({ batchesPerStep = 1, threads, signal, onEvent }: UnlearnOptions) {
  return {
    batchesPerStep,
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
  };
}
