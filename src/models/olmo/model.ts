/**
 * OLMo 1: a Llama whose normalisations have no weights, with queries, keys and values kept in bounds.
 *
 * Axes     B batch · T tokens · C hidden size · H heads · Hk heads of keys and values · D head size · I intermediate
 *          size · V vocabulary
 * Source   Groeneveld et al. 2024, OLMo (arXiv:2402.00838), §2.1
 * Follows  transformers, compared tap by tap in test/parity/olmo.test.ts
 */
import { layerNorm, rotaryEmbedding, embed as rowsOf, scope, silu, tap, type Value } from "#engine";
import { affine } from "../affine.ts";
import { attend, lastTokens, mergeHeads, splitHeads } from "../attention.ts";
import { type BlockContext, type Pass, wholeTexts } from "../pass.ts";
import { rotaryAngles } from "../rotary.ts";
import { normEpsilon, type OlmoConfig } from "./config.ts";
import type { OlmoBlockWeights, OlmoWeights } from "./weights.ts";

/** What the whole figure is told. */
export interface OlmoContext {
  readonly config: OlmoConfig;
  readonly pass?: Pass;
}

/** Next-token logits [B, T, V] for token ids [B, T]. */
export function olmo(inputIds: Value, weights: OlmoWeights, context: OlmoContext): Value {
  const { config, pass = wholeTexts(inputIds) } = context;
  let residual = embed(inputIds, weights.embedding); // [B, T, C]
  for (const [layer, block] of weights.blocks.entries()) {
    residual = scope(`blocks.${layer}`, () => transformerBlock(residual, block, { config, pass, layer }));
  }
  return unembed(residual, weights, { pass });
}

/** The residual that enters the first block. [B, T] → [B, T, C] */
export const embed = (inputIds: Value, { token }: OlmoWeights["embedding"]): Value =>
  tap("embedding", rowsOf(inputIds, token));

/** Two reads from the residual stream, two writes back. */
export function transformerBlock(residual: Value, weights: OlmoBlockWeights, context: BlockContext<OlmoConfig>): Value {
  const gathered = scope("attention", () => {
    const x = tap("input", normalize(residual));
    return tap("output", attention(x, weights.attention, context));
  });
  const middle = tap("middle", residual.add(gathered));
  const recalled = scope("mlp", () => tap("output", mlp(tap("input", normalize(middle)), weights.mlp)));
  return tap("residual", middle.add(recalled));
}

/** Each token gathers from those before it. [B, T, C] → [B, T, C] */
function attention(x: Value, weights: OlmoBlockWeights["attention"], context: BlockContext<OlmoConfig>): Value {
  const { heads, keyValueHeads, rotary, clip } = context.config;
  const bounded = (y: Value) => (clip === null ? y : y.clip(-clip, clip));
  const [q, k, v] = [weights.query, weights.key, weights.value].map((map) => bounded(affine(x, map)));
  const angles = rotaryAngles(context.pass.positions, rotary);
  const query = rotaryEmbedding(splitHeads(q!, heads), angles); // [B, H, T, D]
  const key = rotaryEmbedding(splitHeads(k!, keyValueHeads), angles); // [B, Hk, T, D]
  const value = splitHeads(v!, keyValueHeads);
  return affine(mergeHeads(attend({ query, key, value }, context)), weights.output);
}

/** A gated memory: coefficients are an answer to `up`, let through by `gate`; rows of `down` are the value vectors. */
function mlp(x: Value, weights: OlmoBlockWeights["mlp"]): Value {
  const coefficients = tap("coefficients", silu(affine(x, weights.gate)).mul(affine(x, weights.up))); // [B, T, I]
  return affine(coefficients, weights.down);
}

const normalize = (x: Value): Value => layerNorm(x, {}, { epsilon: normEpsilon });

/** Logits from the last residual. [B, T, C] → [B, T, V] */
export function unembed(
  residual: Value,
  { unembedding, embedding }: Omit<OlmoWeights, "blocks">,
  { pass }: { readonly pass: Pass },
): Value {
  const final = tap("finalNorm", normalize(lastTokens(residual, pass)));
  return tap("logits", final.matmul((unembedding ?? embedding.token).swapAxes(0, 1)));
}
