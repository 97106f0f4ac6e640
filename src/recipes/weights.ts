/** The weights of a miniature: how they start, and how they are written down. */
import { sizeOf, stream, type Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import { sourceOf, type TensorSource } from "#formats";
import { type LlamaConfig, type LlamaWeights, llamaWeights } from "#models/llama";

/** The weights of a Llama as tensors. */
export type LlamaTensors = LlamaWeights<Tensor<"float32">>;

/** Where a file that nobody wrote yet keeps each weight. */
const planOf = (config: LlamaConfig) => llamaWeights(config, { has: () => false });
type Plan = NonNullable<ReturnType<typeof planOf>["finalNorm"]>["scale"];

/** The spread of GPT-2's weights. */
const deviation = 0.02;

/**
 * Weights before training: normal draws, less spread where a block writes to the residual stream, and scales of one.
 *
 * Source   Radford et al. 2019, Language Models are Unsupervised Multitask Learners, §2.3
 */
export function startWeights(config: LlamaConfig, seed: number): LlamaTensors {
  const writing = deviation / Math.sqrt(2 * config.layers);
  return mapTree(planOf(config), ({ shape }, path) => {
    const lengths = shape as readonly number[];
    if (lengths.length === 1) return filled(lengths, () => 1);
    const random = stream(seed, `start weights/${path}`);
    const spread = /\.(attention\.output|mlp\.down)\./.test(path) ? writing : deviation;
    return filled(lengths, () => spread * random.normal());
  }) as LlamaTensors;
}

function filled(shape: readonly number[], draw: () => number): Tensor<"float32"> {
  return { dtype: "float32", shape, data: Float32Array.from({ length: sizeOf(shape) }, draw) };
}

/** How many numbers there are. */
export const countWeights = (weights: LlamaTensors): number =>
  leavesOf<Tensor>(weights)
    .values()
    .reduce((total, { shape }) => total + sizeOf(shape), 0);

/** The weights as a checkpoint in half precision keeps them. */
export function storedWeights(weights: LlamaTensors, config: LlamaConfig): TensorSource[] {
  const tensors = leavesOf<Tensor<"float32">>(weights);
  return [...leavesOf<Plan>(planOf(config))].map(([path, { name, isTransposed }]) => {
    const tensor = tensors.get(path)!;
    return sourceOf(name, isTransposed ? transposed(tensor) : tensor, "F16");
  });
}

function transposed({ shape, data }: Tensor<"float32">): Tensor<"float32"> {
  const [rows, columns] = shape as [number, number];
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column]!;
  }
  return { dtype: "float32", shape: [columns, rows], data: turned };
}
