/**
 * ViT and DeiT: a picture's patches as tokens of an encoder, and a class read from one token more.
 *
 * Axes     N pictures · Ch channels · Y, X pixels · P patches · T tokens: the class token, a distillation token in DeiT,
 *          the patches · C hidden size · K classes
 * Source   Dosovitskiy et al. 2021, An Image is Worth 16x16 Words (arXiv:2010.11929), §3.1, eq. 1 to 4; Touvron et al. 2021,
 *          Training data-efficient image transformers (arXiv:2012.12877), §4, for distillation
 * Follows  transformers, compared tap by tap in test/parity/vit.test.ts
 */
import { broadcastTo, concat, type Dim, layerNorm, scope, slice, tap, type Value } from "#engine";
import { encoderBlock, type LinearMap, linear } from "../encoder.ts";
import { embedPatches, gridOf, interpolatedPositions } from "../patches.ts";
import type { ViTConfig } from "./config.ts";
import type { ViTWeights } from "./weights.ts";

/** What the figure is told. */
export interface ViTContext {
  readonly config: ViTConfig;
}

/** Class logits [N, K] for pixels [N, Ch, Y, X]; of a model without a classifier its normalised tokens [N, T, C]. */
export function vit(pixels: Value, weights: ViTWeights, { config }: ViTContext): Value {
  let residual = embed(pixels, weights.embedding, { config }); // [N, T, C]
  for (const [layer, block] of weights.blocks.entries()) {
    residual = scope(`blocks.${layer}`, () => encoderBlock(residual, block, { config }));
  }
  const final = tap("finalNorm", layerNorm(residual, weights.finalNorm, { epsilon: config.normEpsilon }));
  return weights.head === undefined ? final : tap("logits", classify(final, weights.head, weights.distillationHead));
}

/** z₀ = [class; distillation; patches E] + positions. */
function embed(pixels: Value, weights: ViTWeights["embedding"], { config }: ViTContext): Value {
  const { classToken, distillationToken, patch, position } = weights;
  const { hiddenSize, imageSize, patchSize } = config;
  const patches = embedPatches(pixels, patch.weight, patch.bias); // [N, P, C]
  const special = (token: Value) => broadcastTo(token, [pixels.shape[0]!, 1, hiddenSize]);
  const specials = [classToken, ...(distillationToken === undefined ? [] : [distillationToken])];
  const tokens = concat([...specials.map(special), patches], 1);
  const [, , height, width] = pixels.shape as [Dim, Dim, number, number];
  const grids = { trained: gridOf(imageSize, patchSize), needed: gridOf([height, width], patchSize) };
  const positions = position.reshape([-1, hiddenSize]);
  return tap("embedding", tokens.add(interpolatedPositions(positions, { ...grids, specials: specials.length })));
}

/** The class token's word, or the mean of it and the distillation token's. [N, T, C] → [N, K] */
function classify(final: Value, head: LinearMap, distillationHead: LinearMap | undefined): Value {
  const token = (at: number) => slice(final, { axis: 1, start: at, end: at + 1 }).squeeze(1); // [N, C]
  const own = linear(token(0), head);
  return distillationHead === undefined ? own : own.add(linear(token(1), distillationHead)).mul(0.5);
}
