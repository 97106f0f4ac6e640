/**
 * GPT-2: a decoder-only transformer that normalises before each sublayer.
 *
 * Axes     B batch · T tokens · C hidden size · H heads · D = C / H · I intermediate size · V vocabulary
 * Source   Radford et al. 2019, Language Models are Unsupervised Multitask Learners, §2.3
 * Follows  the published checkpoint; compared tap by tap in test/parity/gpt2.test.ts
 */
import { layerNorm, embed as rowsOf, scope, split, tap, type Value } from "#engine";
import { activations } from "../activations.ts";
import { affine } from "../affine.ts";
import { attend, lastTokens, mergeHeads, splitHeads } from "../attention.ts";
import { type BlockContext, type Pass, wholeTexts } from "../pass.ts";
import type { Gpt2Config } from "./config.ts";
import type { Gpt2BlockWeights, Gpt2Weights, LayerNormWeights } from "./weights.ts";

/** What the whole figure is told. */
export interface Gpt2Context {
  readonly config: Gpt2Config;
  readonly pass?: Pass;
}

/** Next-token logits [B, T, V] for token ids [B, T]. */
export function gpt2(inputIds: Value, weights: Gpt2Weights, context: Gpt2Context): Value {
  const { config, pass = wholeTexts(inputIds) } = context;
  let residual = embed(inputIds, weights.embedding, { config, pass }); // [B, T, C]
  for (const [layer, block] of weights.blocks.entries()) {
    residual = scope(`blocks.${layer}`, () => transformerBlock(residual, block, { config, pass, layer }));
  }
  return unembed(residual, weights, { config, pass });
}

/** A vector for each token and one for its place. [B, T] → [B, T, C] */
export function embed(
  inputIds: Value,
  { token, position }: Gpt2Weights["embedding"],
  { pass }: Required<Gpt2Context>,
): Value {
  return tap("embedding", rowsOf(inputIds, token).add(rowsOf(pass.positions, position)));
}

/** Two reads from the residual stream, two writes back. */
export function transformerBlock(residual: Value, weights: Gpt2BlockWeights, context: BlockContext<Gpt2Config>): Value {
  const { config } = context;
  const gathered = scope("attention", () => {
    const x = tap("input", normalize(residual, weights.attentionNorm, config));
    return tap("output", attention(x, weights.attention, context));
  });
  const middle = tap("middle", residual.add(gathered));
  const recalled = scope("mlp", () => {
    const x = tap("input", normalize(middle, weights.mlpNorm, config));
    return tap("output", mlp(x, weights.mlp, config));
  });
  return tap("residual", middle.add(recalled));
}

/** Each token gathers from those before it. [B, T, C] → [B, T, C] */
function attention(x: Value, weights: Gpt2BlockWeights["attention"], context: BlockContext<Gpt2Config>): Value {
  const { hiddenSize, heads } = context.config;
  const lengths = [hiddenSize, hiddenSize, hiddenSize];
  const parts = split(affine(x, weights.queryKeyValue), { axis: -1, lengths });
  const [query, key, value] = parts.map((part) => splitHeads(part, heads)) as [Value, Value, Value]; // [B, H, T, D]
  return affine(mergeHeads(attend({ query, key, value }, context)), weights.output);
}

/** A memory: `up` asks, `down` answers; rows of `down` are the value vectors (Geva et al. 2021). */
function mlp(x: Value, weights: Gpt2BlockWeights["mlp"], { activation }: Gpt2Config): Value {
  const coefficients = tap("coefficients", activations[activation](affine(x, weights.up))); // [B, T, I]
  return affine(coefficients, weights.down);
}

const normalize = (x: Value, weights: LayerNormWeights, { layerNormEpsilon }: Gpt2Config): Value =>
  layerNorm(x, weights, { epsilon: layerNormEpsilon });

/** Logits from the last residual. [B, T, C] → [B, T, V] */
export function unembed(
  residual: Value,
  { finalNorm, unembedding, embedding }: Omit<Gpt2Weights, "blocks">,
  { config, pass }: Required<Gpt2Context>,
): Value {
  const final = tap("finalNorm", normalize(lastTokens(residual, pass), finalNorm, config));
  return tap("logits", final.matmul((unembedding ?? embedding.token).swapAxes(0, 1)));
}
