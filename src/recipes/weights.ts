/** The weights of a miniature: how they start, are written down, and read again. */
import { sizeOf, stream, type Tensor } from "#base";
import { leavesOf, mapTree } from "#engine";
import type { ModelConfig } from "#formats";
import { LanguageModel, loadModel, saveModel, sourceOf } from "#models";
import { type LlamaConfig, type LlamaWeights, llamaFamily, llamaWeights } from "#models/llama";

/** The weights of a Llama as tensors. */
export type LlamaTensors = LlamaWeights<Tensor<"float32">>;

/** Where a file that nobody wrote yet keeps each weight. */
const planOf = (config: LlamaConfig) => llamaWeights(config, { has: () => false });

/** The spread of GPT-2's weights. */
const deviation = 0.02;

/** How wide the maps of the blocks are drawn: as GPT-2's, or so that what they give is as large as what they read. */
export type StartSpread = "gpt-2" | "by width";

/**
 * Weights before training: normal draws, less spread where a block writes to the residual stream, and scales of one.
 *
 *     σ = 0.02, or 1 / √in for the maps of the blocks; σ / √(2 · layers) where they write
 *
 * GPT-2's spread is about 1 / √in at its width; in a narrow model it leaves attention even for long.
 *
 * Source   Radford et al. 2019, Language Models are Unsupervised Multitask Learners, §2.3
 */
export function startWeights(config: LlamaConfig, seed: number, start: StartSpread = "gpt-2"): LlamaTensors {
  return mapTree(planOf(config), ({ shape }, path) => {
    const lengths = shape as readonly number[];
    if (lengths.length === 1) return filled(lengths, () => 1);
    const random = stream(seed, `start weights/${path}`);
    const isInBlock = path.startsWith("blocks.");
    const reading = start === "by width" && isInBlock ? 1 / Math.sqrt(lengths[0]!) : deviation;
    const isWriting = /\.(attention\.output|mlp\.down)\./.test(path);
    const spread = isWriting ? reading / Math.sqrt(2 * config.layers) : reading;
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

/** Writes weights as a Hugging Face folder in half precision. `json` is what its config.json says. */
export function writeWeights(
  folder: string,
  weights: LlamaTensors,
  { config, json }: { readonly config: LlamaConfig; readonly json: ModelConfig },
): void {
  const parts = { name: "miniature", family: llamaFamily, config, plan: planOf(config), source: sourceOf(weights) };
  saveModel(new LanguageModel(parts), folder, { config: json, storage: "F16", overwrite: true });
}

/** The weights of a folder as they were written, in half precision, widened again. */
export async function readWeights(folder: string): Promise<LlamaTensors> {
  using model = await loadModel(folder);
  return model.weights as unknown as LlamaTensors;
}
