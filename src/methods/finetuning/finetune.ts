import { AssayError, hashOf, sha256, type Tensor, tensor } from "#base";
import { adamW, cosineRate, dropoutMask, leavesOf, tensorType, type Value, warmUp } from "#engine";
import { countParameters, type DecoderWeights, type LanguageModel, type LowRankWeights } from "#models";
import { type BatchRequest, type CheckpointPlan, type TrainingEvent, type TrainingResult, train } from "#training";
import { withAdapters } from "../adapters/adapted-model.ts";
import { attachAdditions } from "../adapters/attach.ts";
import { createLora, type LoraAdapter, type LoraMatrices, type LoraSettings } from "../adapters/lora.ts";
import { RowBatches } from "./batches.ts";
import { encodeExamples, type FinetuneExample } from "./examples.ts";
import { type HeldOutMetrics, heldOutMeasure } from "./held-out.ts";
import { type NextTokenValues, nextTokenBatch, nextTokenLoss, nextTokenTypes } from "./next-tokens.ts";

/** What a model is fine-tuned on, and how. */
export interface FinetuneOptions {
  readonly examples: readonly FinetuneExample[];
  /** Measured before, during and after, and never learned from. */
  readonly heldOut?: readonly FinetuneExample[];
  /** Trains an adapter instead of the weights: a fresh one, or one that is there. */
  readonly lora?: LoraSettings | LoraAdapter;
  /** How often every example is seen. Default 1. */
  readonly epochs?: number;
  /** Instead of epochs. */
  readonly steps?: number;
  /** The highest one: it is reached in the first 3 % of the steps and falls as a cosine. Default 2e-4 for adapters, 2e-5 for weights. */
  readonly learningRate?: number;
  /** Default 0. */
  readonly weightDecay?: number;
  /** Rows of a batch. Default 8. */
  readonly batchSize?: number;
  /** Batches of a step, whose gradients are added up. Default 1. */
  readonly batchesPerStep?: number;
  /** The most tokens of a row; the model's context, at most 1024, when left out. */
  readonly length?: number;
  /** Whether short examples share a row, each seeing itself alone. Default true. */
  readonly pack?: boolean;
  /** The longest gradient. Default 1. */
  readonly clipNorm?: number;
  /** Of order, start and dropout. Default 0. */
  readonly seed?: number;
  readonly threads?: number;
  /** Steps between looks at the held-out examples; at the end alone when left out. */
  readonly evaluateEvery?: number;
  readonly checkpoints?: CheckpointPlan;
  readonly onEvent?: (event: TrainingEvent) => void;
  readonly signal?: AbortSignal;
}

/** What came out. */
export interface FinetuneResult extends Pick<TrainingResult<unknown>, "status" | "step" | "loss"> {
  /** The trained model; with the adapter on it where one was trained. */
  readonly model: LanguageModel;
  readonly adapter: LoraAdapter | undefined;
  readonly heldOut: { readonly before: HeldOutMetrics; readonly after: HeldOutMetrics } | undefined;
}

/**
 * Fine-tunes a model on texts, answers or conversations: all of its weights, in place, or a low-rank adapter beside them.
 * Prompts are read and not learned; a training that was killed goes on from its last checkpoint to the same bits.
 *
 *     L = −mean log p(token | the tokens of its text before it), over the tokens that count
 *
 * @throws AssayError EXAMPLE_INVALID, EXAMPLE_TOO_LONG, RANK_TOO_LARGE, TARGET_UNKNOWN, WEIGHTS_STREAMED, LOSS_NOT_FINITE;
 *   whatever train() throws
 * @example const { adapter } = await finetune(model, { examples, lora: { rank: 8 }, epochs: 3 });
 */
export async function finetune(model: LanguageModel, options: FinetuneOptions): Promise<FinetuneResult> {
  requireInMemory(model);
  const { task, adapter, measure } = planOf(model, options);
  const before = await measure?.();
  const { status, step, loss } = await train(task as never, trainingOptions(options, measure));
  const trained = adapter === undefined ? model : withAdapters(model, { trained: { adapter } });
  const heldOut = before && measure && { before, after: await measure() };
  return { status, step, loss, model: trained, adapter, heldOut };
}

/** A step reads every weight forwards and backwards, an adapter's too: from disk it would take minutes. */
function requireInMemory(model: LanguageModel): void {
  if (!model.isStreamed) return;
  const size = `${(Math.ceil((countParameters(model.plan) * 4) / 1e8) / 10).toFixed(1)} GB`;
  const claim = `Expected weights in memory, got a model of ${size} in float32 that is read block by block`;
  const wayOut = `allow it that much with loadModel(…, { memory }) or --memory ${size.replace(" ", "")}, or take a smaller model`;
  throw new AssayError("WEIGHTS_STREAMED", `finetune: ${claim} from ${model.name}; ${wayOut}`);
}

function trainingOptions(options: FinetuneOptions, measure: (() => Promise<HeldOutMetrics>) | undefined) {
  const { batchesPerStep = 1, clipNorm = 1, threads, signal, onEvent, checkpoints, evaluateEvery: every } = options;
  return {
    batchesPerStep,
    clipNorm,
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(checkpoints === undefined ? {} : { checkpoints }),
    ...(measure === undefined || every === undefined ? {} : { evaluation: { every, measure: () => measure() } }),
  };
}

/** Everything that training is told. */
function planOf(model: LanguageModel, options: FinetuneOptions) {
  const { epochs = 1, weightDecay = 0, batchSize: size = 8, batchesPerStep = 1, pack = true, seed = 0 } = options;
  const { length = Math.min(model.config.contextLength, 1024), threads } = options;
  const examples = encodeExamples(model, options.examples, { length: length + 1 });
  const batches = new RowBatches(examples, { seed, size, batchesPerStep, pack: pack ? length : undefined });
  const steps = options.steps ?? Math.max(1, Math.ceil(epochs * batches.stepsOfEpoch));
  const adapter = adapterOf(model, options);
  const parts = adapter === undefined ? wholeParts(model) : loraParts(model, adapter);
  const peak = options.learningRate ?? (adapter === undefined ? 2e-5 : 2e-4);
  const rise = Math.max(1, Math.ceil(0.03 * steps));
  const nextBatch = ({ step, part, random }: BatchRequest) => {
    const { rows, share } = batches.at(step, part);
    const batch = nextTokenBatch(rows, { share });
    return { ...batch, masks: masksOf(adapter, batch.inputIds.shape, random) };
  };
  const task = {
    name: nameOf(parts, options),
    ...parts.trees,
    nextBatch,
    steps,
    seed,
    batch: { ...nextTokenTypes, masks: maskTypes(adapter) },
    loss: ({ weights, fixed, batch }: LossInputs) =>
      nextTokenLoss(model, parts.weightsOf(weights as never, fixed as never, batch.masks), batch),
    optimizer: adamW({ weightDecay }),
    learningRate: warmUp(rise, cosineRate({ from: peak, to: 0, steps: Math.max(1, steps - rise) })),
  };
  const heldOut = options.heldOut && encodeExamples(model, options.heldOut, { length: length + 1 });
  const { weights: trained, fixed } = parts.trees;
  const measured = {
    model,
    trained,
    fixed,
    weightsOf: parts.weightsOf,
    threads: threads === undefined ? {} : { threads },
  };
  return { task, adapter, measure: heldOut && heldOutMeasure(heldOut, measured) };
}

interface LossInputs {
  readonly weights: unknown;
  readonly fixed: unknown;
  readonly batch: NextTokenValues & { readonly masks: Masks };
}

/** Dropout's masks by the path of the linear map. */
type Masks = Readonly<Record<string, Value>>;

function adapterOf(model: LanguageModel, { lora, seed = 0 }: FinetuneOptions): LoraAdapter | undefined {
  if (lora === undefined) return undefined;
  return "matrices" in lora ? lora : createLora(model, { seed, ...lora });
}

/** All weights are trained. */
function wholeParts(model: LanguageModel) {
  return { trees: { weights: model.weights, fixed: undefined }, weightsOf: (weights: DecoderWeights) => weights };
}

type MatrixValues = Readonly<Record<string, LoraMatrices<Value>>>;

/** The adapter is trained, and the weights stay. */
function loraParts(model: LanguageModel, adapter: LoraAdapter) {
  const scalings = Object.entries(adapter.scalings).map(([path, scaling]) => [path, tensor([], [scaling])] as const);
  const fixed = { base: model.weights, scalings: Object.fromEntries(scalings) };
  type Fixed = { readonly base: DecoderWeights; readonly scalings: Readonly<Record<string, Value>> };
  const weightsOf = (matrices: MatrixValues, values: Fixed, masks: Masks = {}): DecoderWeights => {
    const additions = Object.entries(matrices).map(([path, { down, up }]) => {
      const addition: LowRankWeights = { down, up, scaling: values.scalings[path]!, mask: masks[path] };
      return [path, addition] as const;
    });
    return attachAdditions(values.base, "trained", Object.fromEntries(additions));
  };
  return { trees: { weights: adapter.matrices, fixed }, weightsOf };
}

function maskTypes(adapter: LoraAdapter | undefined) {
  if (adapter === undefined || adapter.dropout === 0) return {};
  const types = Object.entries(adapter.matrices).map(([path, { down }]) => {
    return [path, tensorType("float32", ["B", "T", down.shape[0]!])] as const;
  });
  return Object.fromEntries(types);
}

/** A mask for each addition, from a stream of its own. */
function masksOf(adapter: LoraAdapter | undefined, shape: readonly number[], random: BatchRequest["random"]) {
  if (adapter === undefined || adapter.dropout === 0) return {};
  const masks = Object.entries(adapter.matrices).map(([path, { down }]) => {
    const mask = dropoutMask(random(`dropout/${path}`), [...shape, down.shape[0]!], { rate: adapter.dropout });
    return [path, mask] as const;
  });
  return Object.fromEntries(masks);
}

/** Named after all that decides what is learned, so that its checkpoints are taken for no other training's. */
function nameOf({ trees }: { readonly trees: { readonly fixed: unknown } }, options: FinetuneOptions): string {
  const { examples, epochs, steps, learningRate, batchSize, batchesPerStep, length, pack, seed } = options;
  const base = [...leavesOf<Tensor>(trees.fixed)].map(([path, { data }]) => {
    return [path, sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
  });
  const settings = { epochs, steps, learningRate, batchSize, batchesPerStep, length, pack, seed };
  return `finetune-${hashOf({ base, settings, examples: sha256(JSON.stringify(examples)) }).slice(0, 16)}`;
}
