/**
 * One block of an encoder that normalises before it reads: what ViT, DeiT and both towers of CLIP are built of.
 *
 * Axes     N pictures or texts · T tokens · C hidden size · H heads · D head size · I intermediate size
 * Source   Vaswani et al. 2017 (arXiv:1706.03762), §3.1; the normalisation's place as in Dosovitskiy et al. 2021
 *          (arXiv:2010.11929), §3.1
 */
import { type AffineWeights, affine, layerNorm, scope, softmax, tap, type Value } from "#engine";
import { activations } from "./activations.ts";
import { mergeHeads, splitHeads } from "./attention.ts";

/** A linear map x W + b. */
export interface LinearMap<Leaf = Value> {
  /** [in, out] */
  readonly weight: Leaf;
  /** [out] */
  readonly bias?: Leaf | undefined;
}

/** Scale and offset of a layer normalisation, [C] each. */
export interface Norm<Leaf = Value> {
  readonly scale: Leaf;
  readonly bias: Leaf;
}

/** The weights of one block. */
export interface EncoderBlockWeights<Leaf = Value> {
  readonly attentionNorm: Norm<Leaf>;
  readonly attention: {
    readonly query: LinearMap<Leaf>;
    readonly key: LinearMap<Leaf>;
    readonly value: LinearMap<Leaf>;
    readonly output: LinearMap<Leaf>;
  };
  readonly mlpNorm: Norm<Leaf>;
  readonly mlp: { readonly up: LinearMap<Leaf>; readonly down: LinearMap<Leaf> };
}

/** What the nonlinearity of an MLP may be called in a config.json, and which one it is. */
export const activationNames = {
  gelu: "gelu",
  gelu_new: "gelu-tanh",
  gelu_fast: "gelu-tanh",
  gelu_pytorch_tanh: "gelu-tanh",
  quick_gelu: "gelu-sigmoid",
  relu: "relu",
  silu: "silu",
  swish: "silu",
} as const;

/** The nonlinearity of an MLP. */
export type EncoderActivation = (typeof activationNames)[keyof typeof activationNames];

/** What a block is told. */
export interface EncoderContext {
  readonly config: {
    readonly heads: number;
    readonly normEpsilon: number;
    readonly activation: EncoderActivation;
  };
  /** Added to the scores, [T, T]: which tokens are seen. All of them when left out. */
  readonly bias?: Value;
}

/** Two reads from the residual stream, two writes back. [N, T, C] → [N, T, C] */
export function encoderBlock(residual: Value, weights: EncoderBlockWeights, context: EncoderContext): Value {
  const { normEpsilon: epsilon, activation } = context.config;
  const gathered = scope("attention", () => {
    const x = tap("input", layerNorm(residual, weights.attentionNorm, { epsilon }));
    return tap("output", attention(x, weights.attention, context));
  });
  const middle = tap("middle", residual.add(gathered));
  const recalled = scope("mlp", () => {
    const x = tap("input", layerNorm(middle, weights.mlpNorm, { epsilon }));
    const coefficients = tap("coefficients", activations[activation](linear(x, weights.mlp.up))); // [N, T, I]
    return tap("output", linear(coefficients, weights.mlp.down));
  });
  return tap("residual", middle.add(recalled));
}

/** P = softmax(Q Kᵀ / √D + bias), heads = P V. [N, T, C] → [N, T, C] */
function attention(
  x: Value,
  weights: EncoderBlockWeights["attention"],
  { config: { heads }, bias }: EncoderContext,
): Value {
  const byHead = (map: LinearMap, name: string) => tap(name, splitHeads(linear(x, map), heads)); // [N, H, T, D]
  const [query, key] = [byHead(weights.query, "query"), byHead(weights.key, "key")];
  const value = byHead(weights.value, "value");
  const scores = query.matmul(key.swapAxes(-1, -2), { scale: 1 / Math.sqrt(Number(query.shape[3])) });
  const pattern = tap("pattern", softmax(bias === undefined ? scores : scores.add(bias))); // [N, H, T, T]
  return linear(mergeHeads(tap("heads", pattern.matmul(value))), weights.output);
}

/** x W + b */
export const linear = (x: Value, map: LinearMap): Value => affine(x, map as AffineWeights);
