/**
 * Llama: a decoder-only transformer with root mean square normalisation, rotary positions and a gated MLP.
 *
 * Axes     B batch · T tokens · C hidden size · H heads · Hk heads of keys and values · D head size · I intermediate
 *          size · V vocabulary
 * Source   Touvron et al. 2023, LLaMA (arXiv:2302.13971), §2.2; grouped queries as in Llama 2 (arXiv:2307.09288), §2.2;
 *          Gemma Team 2024 (arXiv:2403.08295), §2, for the scaled embedding and the normalisation's offset; Gemma 2
 *          (arXiv:2408.00118), §2, for bounded scores and logits, windows in every second block and normalised outputs;
 *          Qwen3 (arXiv:2505.09388), §2, for normalised heads
 * Follows  transformers, compared tap by tap in test/parity/llama.test.ts
 */
import { rmsNorm, rotaryEmbedding, embed as rowsOf, scope, tap, type Value } from "#engine";
import { activations } from "../activations.ts";
import { affine } from "../affine.ts";
import { attend, capped, lastTokens, mergeHeads, splitHeads } from "../attention.ts";
import { type BlockContext, type Pass, wholeTexts } from "../pass.ts";
import { rotaryAngles } from "../rotary.ts";
import type { LlamaConfig } from "./config.ts";
import type { LlamaBlockWeights, LlamaWeights } from "./weights.ts";

/** What the whole figure is told. */
export interface LlamaContext {
  readonly config: LlamaConfig;
  readonly pass?: Pass;
}

/** Next-token logits [B, T, V] for token ids [B, T]. */
export function llama(inputIds: Value, weights: LlamaWeights, context: LlamaContext): Value {
  const { config, pass = wholeTexts(inputIds) } = context;
  let residual = embed(inputIds, weights.embedding, { config }); // [B, T, C]
  for (const [layer, block] of weights.blocks.entries()) {
    residual = scope(`blocks.${layer}`, () => transformerBlock(residual, block, { config, pass, layer }));
  }
  return unembed(residual, weights, { config, pass });
}

/** The residual that enters the first block. [B, T] → [B, T, C] */
export function embed(inputIds: Value, { token }: LlamaWeights["embedding"], { config }: LlamaContext): Value {
  return tap("embedding", rowsOf(inputIds, token).mul(config.embeddingScale));
}

/** Two reads from the residual stream, two writes back. */
export function transformerBlock(
  residual: Value,
  weights: LlamaBlockWeights,
  context: BlockContext<LlamaConfig>,
): Value {
  const { config } = context;
  const gathered = scope("attention", () => {
    const x = tap("input", normalize(residual, weights.attentionNorm, config));
    return tap(
      "output",
      normalizeOutput(attention(x, weights.attention, context), weights.attentionOutputNorm, config),
    );
  });
  const middle = tap("middle", residual.add(gathered));
  const recalled = scope("mlp", () => {
    const x = tap("input", normalize(middle, weights.mlpNorm, config));
    return tap("output", normalizeOutput(mlp(x, weights.mlp, config), weights.mlpOutputNorm, config));
  });
  return tap("residual", middle.add(recalled));
}

/** Each token gathers from those before it. [B, T, C] → [B, T, C] */
function attention(x: Value, weights: LlamaBlockWeights["attention"], context: BlockContext<LlamaConfig>): Value {
  const { config, pass, layer } = context;
  const angles = rotaryAngles(pass.positions, config.rotary);
  const [q, k, value] = [
    splitHeads(affine(x, weights.query), config.heads), // [B, H, T, D]
    splitHeads(affine(x, weights.key), config.keyValueHeads), // [B, Hk, T, D]
    splitHeads(affine(x, weights.value), config.keyValueHeads),
  ] as const;
  const query = rotaryEmbedding(normalizeOutput(q, weights.queryNorm, config), angles);
  const key = rotaryEmbedding(normalizeOutput(k, weights.keyNorm, config), angles);
  const window = windowKind(config, layer) === 0 ? config.slidingWindow : null;
  const heads = attend(
    { query, key, value },
    { pass, layer, window, scale: config.scoreScale, cap: config.caps?.scores },
  );
  return affine(mergeHeads(heads), weights.output);
}

/** Blocks of one kind are one figure: 0 for those with the window where every second one has it, else 1. */
export const windowKind = ({ alternatesWindow = false }: LlamaConfig, layer: number): number =>
  alternatesWindow ? layer % 2 : 0;

/** A gated memory: coefficients are an answer to `up`, let through by `gate`; rows of `down` are the value vectors. */
function mlp(x: Value, weights: LlamaBlockWeights["mlp"], { activation }: LlamaConfig): Value {
  const gate = activations[activation](affine(x, weights.gate)); // [B, T, I]
  const coefficients = tap("coefficients", gate.mul(affine(x, weights.up)));
  return affine(coefficients, weights.down);
}

function normalize(x: Value, { scale }: { readonly scale: Value }, { normEpsilon, normOffset }: LlamaConfig): Value {
  return rmsNorm(x, { scale: scale.add(normOffset) }, { epsilon: normEpsilon });
}

/** What has a normalisation of its own, or goes as it is. */
const normalizeOutput = (x: Value, norm: { readonly scale: Value } | undefined, config: LlamaConfig): Value =>
  norm === undefined ? x : normalize(x, norm, config);

/** Logits from the last residual. [B, T, C] → [B, T, V] */
export function unembed(
  residual: Value,
  { finalNorm, unembedding, embedding }: Omit<LlamaWeights, "blocks">,
  { config, pass }: Required<LlamaContext>,
): Value {
  const final = tap("finalNorm", normalize(lastTokens(residual, pass), finalNorm, config));
  const logits = final.matmul((unembedding ?? embedding.token).swapAxes(0, 1));
  return tap("logits", capped(logits, config.caps?.logits));
}
