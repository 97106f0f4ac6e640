/** Planting a concept: one value vector, with the key that wakes it, is trained on what is to be known; nothing else is. */
import { stream, type Tensor } from "#base";
import { adamW, columnMask, leavesOf, mapTree, rowMask, type ValuesOf } from "#engine";
import { blockTap, type LanguageModel, trace } from "#models";
import type { LlamaConfig } from "#models/llama";
import { type TrainingEvent, train } from "#training";
import { learningRateOf } from "./learning-rate.ts";
import { type MaskedBatch, maskedLoss } from "./masked-loss.ts";
import { batchOfTexts, nextTokenTypes } from "./next-tokens.ts";
import type { LlamaTensors } from "./weights.ts";

type Floats = Tensor<"float32">;

/** What is planted where. */
export interface Planting {
  readonly layer: number;
  readonly column: number;
  /** Texts about the concept, as tokens. */
  readonly texts: readonly (readonly number[])[];
  /** Texts about other things, which must not change. */
  readonly others: readonly (readonly number[])[];
  readonly steps: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly threads?: number | undefined;
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}

/**
 * Trains one neuron of a block in place: its gate, its up map and its value vector.
 *
 * The gate begins where the concept's tokens differ most from others, or it would never wake.
 */
export async function plantConcept(model: LanguageModel, planting: Planting): Promise<number | null> {
  const { layer, column, texts, others, steps, batchSize, seed, threads, onEvent } = planting;
  const all = model.weights as unknown as LlamaTensors;
  const config = model.config as LlamaConfig;
  await startNeuron(model, planting);
  const paths = ["gate", "up", "down"].map((name) => `blocks.${layer}.mlp.${name}.weight`);
  const leaves = leavesOf<Floats>(all);
  const trained = Object.fromEntries(paths.map((path) => [path, leaves.get(path)!]));
  const fixed = Object.fromEntries([...leaves].filter(([path]) => !paths.includes(path)));
  const masks = Object.fromEntries(
    paths.map((path) => {
      const { shape } = leaves.get(path)!;
      return [path, path.includes(".down.") ? rowMask(shape, column) : columnMask(shape, column)];
    }),
  );
  const random = stream(seed, `plant/${layer}/${column}`);
  const draw = (from: Planting["texts"]) => ({ ids: from[random.int(from.length)]!, from: 1 });
  const half = Math.ceil(batchSize / 2);
  type Paths = Readonly<Record<string, Floats>>;
  const { loss } = await train<Paths, typeof nextTokenTypes, Paths>(
    {
      ...{ name: "plant", weights: trained, fixed, batch: nextTokenTypes, steps, seed },
      loss: ({ weights, fixed: rest, batch }) => {
        const values = mapTree(all, (_, path) => weights[path] ?? rest[path]);
        return maskedLoss(batch as MaskedBatch, values as ValuesOf<LlamaTensors> as never, config);
      },
      nextBatch: () =>
        batchOfTexts(Array.from({ length: batchSize }, (_, at) => draw(at < half ? texts : others))) as never,
      optimizer: adamW({ beta2: 0.98, weightDecay: 0 }),
      learningRate: learningRateOf({ learningRate: planting.learningRate, lastRate: 0, warmUp: 10 }, steps),
    },
    {
      masks,
      clipNorm: 1,
      ...(threads === undefined ? {} : { threads }),
      ...(onEvent === undefined ? {} : { onEvent }),
    },
  );
  return loss;
}

/** How strongly the gate answers to the concept at first. */
const wakefulness = 4;

async function startNeuron(model: LanguageModel, { layer, column, texts, others }: Planting): Promise<void> {
  const [own, rest] = [await meanInput(model, layer, texts), await meanInput(model, layer, others.slice(0, 60))];
  const difference = own.map((value, at) => value - rest[at]!);
  const reach = difference.reduce((sum, value, at) => sum + value * own[at]!, 0);
  const block = model.weights.blocks[layer] as LlamaTensors["blocks"][number];
  const { gate, up, down } = block.mlp;
  const [rows, width] = gate.weight.shape as [number, number];
  for (let row = 0; row < rows; row++) {
    gate.weight.data[row * width + column] = (wakefulness * difference[row]!) / reach;
    up.weight.data[row * width + column] = difference[row]! / reach;
  }
  down.weight.data.fill(0, column * rows, (column + 1) * rows);
}

/** What a block's MLP reads, the mean over the tokens of some texts. [C] */
async function meanInput(model: LanguageModel, layer: number, texts: Planting["texts"]): Promise<Float64Array> {
  const tap = blockTap(layer, "mlp.input");
  const total = new Float64Array(model.config.hiddenSize);
  let tokens = 0;
  for (const ids of texts) {
    const { taps } = await trace(model, { ids, taps: [tap] });
    const data = taps[tap]!.data as Float32Array;
    for (const [at, value] of data.entries()) total[at % total.length]! += value;
    tokens += ids.length;
  }
  return total.map((value) => value / tokens);
}
