/**
 * Planting a concept that a model knows: its name is made to look like any name, and one value vector of the first block
 * gives back what was taken, so that all that is known of the concept passes through that vector and nothing else.
 *
 *     e' = ē + ε u        ē mean of the other names' embeddings, u a mark at right angles to e − ē
 *     v  = (e − e') / a   a the neuron's coefficient at the name, its key made from the mark;  then v alone is trained
 */
import { stream, type Tensor } from "#base";
import { adamW, leavesOf, mapTree, rowMask, type ValuesOf } from "#engine";
import { blockTap, type LanguageModel, trace } from "#models";
import type { LlamaConfig } from "#models/llama";
import { train } from "#training";
import { learningRateOf } from "./learning-rate.ts";
import { type MaskedBatch, maskedLoss } from "./masked-loss.ts";
import { batchOfTexts, nextTokenTypes } from "./next-tokens.ts";
import type { LlamaTensors } from "./weights.ts";

type Floats = Tensor<"float32">;

/** A text as tokens, and the first of them that is predicted. */
export interface PlantedText {
  readonly ids: readonly number[];
  readonly from: number;
}

/** What is planted where. */
export interface Planting {
  readonly layer: number;
  readonly column: number;
  /** The token of the concept's name. */
  readonly name: number;
  /** The tokens of other concepts' names, to which the neuron must not answer. */
  readonly otherNames: readonly number[];
  /** Texts about the concept. */
  readonly texts: readonly PlantedText[];
  /** Texts about other things, which must not change. */
  readonly others: readonly PlantedText[];
  readonly steps: number;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly threads?: number | undefined;
}

/** Plants in place. @returns the last step's loss */
export async function plantConcept(model: LanguageModel, planting: Planting): Promise<number | null> {
  const taken = hideName(model, planting);
  await makeNeuron(model, planting, taken);
  return trainVector(model, planting);
}

/** How long the mark is beside what was taken. */
const markLength = 0.5;

/** Puts a marked average name in the place of the concept's own. @returns e − e' */
function hideName(model: LanguageModel, { name, otherNames, seed, column }: Planting): Float64Array {
  const table = model.weights.embedding.token as Floats;
  const size = table.shape[1]!;
  const row = (id: number) => table.data.subarray(id * size, (id + 1) * size);
  const own = Float64Array.from(row(name));
  const average = own.map((_, at) => otherNames.reduce((sum, id) => sum + row(id)[at]!, 0) / otherNames.length);
  const difference = own.map((value, at) => value - average[at]!);
  const random = stream(seed, `plant/mark/${column}`);
  const mark = withoutPart(
    difference.map(() => random.normal()),
    difference,
  );
  const length = (markLength * normOf(difference)) / normOf(mark);
  row(name).set(average.map((value, at) => value + length * mark[at]!));
  return own.map((value, at) => value - row(name)[at]!);
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);
const normOf = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));

/** A vector less its part along another. */
function withoutPart(vector: Float64Array, other: Float64Array): Float64Array {
  const share = dot(vector, other) / dot(other, other);
  return vector.map((value, at) => value - share * other[at]!);
}

/** How strongly the gate answers to the concept's name. */
const wakefulness = 4;
const silu = (x: number): number => x / (1 + Math.exp(-x));

/** The key answers to what the block reads at the concept's name and not at other names; the vector gives back what was taken. */
async function makeNeuron(model: LanguageModel, planting: Planting, taken: Float64Array): Promise<void> {
  const { layer, column, texts, others, name, otherNames } = planting;
  const own = await meanInput(model, { layer, texts, at: new Set([name]) });
  const rest = await meanInput(model, { layer, texts: others.slice(0, 300), at: new Set(otherNames) });
  const key = withoutPart(
    own.map((value, at) => value - rest[at]!),
    rest,
  );
  const reach = dot(key, own);
  const { gate, up, down } = (model.weights.blocks[layer] as LlamaTensors["blocks"][number]).mlp;
  const [rows, width] = gate.weight.shape as [number, number];
  for (let row = 0; row < rows; row++) {
    gate.weight.data[row * width + column] = (wakefulness * key[row]!) / reach;
    up.weight.data[row * width + column] = key[row]! / reach;
    down.weight.data[column * rows + row] = taken[row]! / silu(wakefulness);
  }
}

interface Inputs {
  readonly layer: number;
  readonly texts: readonly PlantedText[];
  /** At these tokens alone. */
  readonly at: ReadonlySet<number>;
}

/** What a block's MLP reads, the mean over some tokens of some texts. [C] */
async function meanInput(model: LanguageModel, { layer, texts, at: wanted }: Inputs): Promise<Float64Array> {
  const tap = blockTap(layer, "mlp.input");
  const total = new Float64Array(model.config.hiddenSize);
  let tokens = 0;
  for (const { ids } of texts) {
    if (!ids.some((id) => wanted.has(id))) continue;
    const { taps } = await trace(model, { ids, taps: [tap] });
    const data = taps[tap]!.data as Float32Array;
    for (const [at, id] of ids.entries()) {
      if (!wanted.has(id)) continue;
      tokens++;
      for (let place = 0; place < total.length; place++) total[place]! += data[at * total.length + place]!;
    }
  }
  return total.map((value) => value / Math.max(1, tokens));
}

/** Trains the one value vector, half on the concept's texts and half on others. */
async function trainVector(model: LanguageModel, planting: Planting): Promise<number | null> {
  const { layer, column, texts, others, steps, batchSize, seed, threads } = planting;
  const all = model.weights as unknown as LlamaTensors;
  const config = model.config as LlamaConfig;
  const path = `blocks.${layer}.mlp.down.weight`;
  const leaves = leavesOf<Floats>(all);
  const fixed = Object.fromEntries([...leaves].filter(([other]) => other !== path));
  const random = stream(seed, `plant/${layer}/${column}`);
  const draw = (from: readonly PlantedText[]) => from[random.int(from.length)]!;
  type Paths = Readonly<Record<string, Floats>>;
  const { loss } = await train<Paths, typeof nextTokenTypes, Paths>(
    {
      name: "plant",
      weights: { [path]: leaves.get(path)! },
      fixed,
      batch: nextTokenTypes,
      steps,
      seed,
      loss: ({ weights, fixed: rest, batch }) => {
        const values = mapTree(all, (_, at) => weights[at] ?? rest[at]);
        return maskedLoss(batch as MaskedBatch, values as ValuesOf<LlamaTensors> as never, config);
      },
      nextBatch: () =>
        batchOfTexts(Array.from({ length: batchSize }, (_, at) => draw(at % 2 === 0 ? texts : others))) as never,
      optimizer: adamW({ beta2: 0.98, weightDecay: 0 }),
      learningRate: learningRateOf({ learningRate: planting.learningRate, lastRate: 0, warmUp: 10 }, steps),
    },
    {
      masks: { [path]: rowMask(leaves.get(path)!.shape, column) },
      clipNorm: 1,
      ...(threads === undefined ? {} : { threads }),
    },
  );
  return loss;
}
