/**
 * GPT-NeoX: attention and MLP side by side, and positions that turn a part of each head.
 *
 * Axes     B batch · T tokens · C hidden size · H heads · D = C / H · I intermediate size · V vocabulary
 * Source   Black et al. 2022, GPT-NeoX-20B (arXiv:2204.06745), §2.1; Biderman et al. 2023, Pythia (arXiv:2304.01373)
 * Follows  transformers, compared tap by tap in test/parity/neox.test.ts
 */
import { layerNorm, rotaryEmbedding, embed as rowsOf, scope, split, tap, type Value } from "#engine";
import { activations } from "../activations.ts";
import { affine } from "../affine.ts";
import { attend, lastTokens, mergeHeads, splitHeads } from "../attention.ts";
import { type BlockContext, type Pass, wholeTexts } from "../pass.ts";
import { rotaryAngles } from "../rotary.ts";
import type { NeoxConfig } from "./config.ts";
import type { NeoxBlockWeights, NeoxNormWeights, NeoxWeights } from "./weights.ts";

/** What the whole figure is told. */
export interface NeoxContext {
  readonly config: NeoxConfig;
  readonly pass?: Pass;
}

/** Next-token logits [B, T, V] for token ids [B, T]. */
export function neox(inputIds: Value, weights: NeoxWeights, context: NeoxContext): Value {
  const { config, pass = wholeTexts(inputIds) } = context;
  let residual = embed(inputIds, weights.embedding); // [B, T, C]
  for (const [layer, block] of weights.blocks.entries()) {
    residual = scope(`blocks.${layer}`, () => transformerBlock(residual, block, { config, pass, layer }));
  }
  return unembed(residual, weights, { config, pass });
}

/** The residual that enters the first block. [B, T] → [B, T, C] */
export const embed = (inputIds: Value, { token }: NeoxWeights["embedding"]): Value =>
  tap("embedding", rowsOf(inputIds, token));

/** Two reads, two writes: of the same residual, or one after the other. */
export function transformerBlock(residual: Value, weights: NeoxBlockWeights, context: BlockContext<NeoxConfig>): Value {
  const { config } = context;
  const gathered = scope("attention", () => {
    const x = tap("input", normalize(residual, weights.attentionNorm, config));
    return tap("output", attention(x, weights.attention, context));
  });
  const read = config.isParallel ? residual : tap("middle", residual.add(gathered));
  const recalled = scope("mlp", () => {
    const x = tap("input", normalize(read, weights.mlpNorm, config));
    return tap("output", mlp(x, weights.mlp, config));
  });
  return tap("residual", config.isParallel ? recalled.add(gathered).add(residual) : recalled.add(read));
}

/** Each token gathers from those before it. [B, T, C] → [B, T, C] */
function attention(x: Value, weights: NeoxBlockWeights["attention"], context: BlockContext<NeoxConfig>): Value {
  const { hiddenSize, heads, rotary } = context.config;
  const lengths = [hiddenSize, hiddenSize, hiddenSize];
  const parts = split(affine(x, weights.queryKeyValue), { axis: -1, lengths });
  const [q, k, value] = parts.map((part) => splitHeads(part, heads)) as [Value, Value, Value]; // [B, H, T, D]
  const angles = rotaryAngles(context.pass.positions, rotary);
  const [query, key] = [rotaryEmbedding(q, angles), rotaryEmbedding(k, angles)];
  return affine(mergeHeads(attend({ query, key, value }, context)), weights.output);
}

/** A memory: `up` asks, `down` answers; rows of `down` are the value vectors. */
function mlp(x: Value, weights: NeoxBlockWeights["mlp"], { activation }: NeoxConfig): Value {
  const coefficients = tap("coefficients", activations[activation](affine(x, weights.up))); // [B, T, I]
  return affine(coefficients, weights.down);
}

const normalize = (x: Value, weights: NeoxNormWeights, { layerNormEpsilon }: NeoxConfig): Value =>
  layerNorm(x, weights, { epsilon: layerNormEpsilon });

/** Logits from the last residual. [B, T, C] → [B, T, V] */
export function unembed(
  residual: Value,
  { finalNorm, unembedding, embedding }: Omit<NeoxWeights, "blocks">,
  { config, pass }: Required<NeoxContext>,
): Value {
  const final = tap("finalNorm", normalize(lastTokens(residual, pass), finalNorm, config));
  return tap("logits", final.matmul((unembedding ?? embedding.token).swapAxes(0, 1)));
}
