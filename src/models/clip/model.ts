/**
 * CLIP: a tower that sees and a tower that reads, whose vectors lie close where a picture and a text belong together.
 *
 * Axes     N pictures · M texts · Ch channels · Y, X pixels · T tokens · C hidden size of a tower · E length of a vector
 * Source   Radford et al. 2021, Learning Transferable Visual Models From Natural Language Supervision (arXiv:2103.00020), §2.3
 * Follows  transformers, compared tap by tap in test/parity/clip.test.ts
 */
import {
  broadcastTo,
  concat,
  type Dim,
  layerNorm,
  range,
  embed as rowsOf,
  scope,
  slice,
  tap,
  triangularMask,
  type Value,
  where,
} from "#engine";
import { type EncoderBlockWeights, encoderBlock, linear } from "../encoder.ts";
import { embedPatches, gridOf, interpolatedPositions } from "../patches.ts";
import type { ClipConfig, ClipTextConfig, ClipTowerConfig, ClipVisionConfig } from "./config.ts";
import type { ClipTextWeights, ClipVisionWeights, ClipWeights } from "./weights.ts";

/** What both towers are shown. */
export interface ClipInputs {
  /** [N, Ch, Y, X] */
  readonly pixels: Value;
  /** Token ids, int64 [M, T] */
  readonly inputIds: Value;
}

/** How well each picture fits each text, scaled: exp(s) · cos. [N, M] */
export function clip({ pixels, inputIds }: ClipInputs, weights: ClipWeights, context: { config: ClipConfig }): Value {
  const { vision, text } = context.config;
  const pictures = scope("vision", () => embedPictures(pixels, weights.vision, vision)); // [N, E]
  const texts = scope("text", () => embedTexts(inputIds, weights.text, text)); // [M, E]
  return tap("logits", pictures.matmul(texts.swapAxes(0, 1)).mul(weights.scale.exp()));
}

/** A vector of length one for each picture. [N, Ch, Y, X] → [N, E] */
export function embedPictures(pixels: Value, weights: ClipVisionWeights, config: ClipVisionConfig): Value {
  const { hiddenSize, normEpsilon: epsilon } = config;
  const start = tap(
    "embedding",
    layerNorm(tokensOf(pixels, weights.embedding, config), weights.firstNorm, { epsilon }),
  );
  const residual = encode(start, weights.blocks, { config });
  const token = slice(residual, { axis: 1, end: 1 }).reshape([-1, hiddenSize]);
  const final = tap("finalNorm", layerNorm(token, weights.finalNorm, { epsilon })); // [N, C]
  return tap("vector", normalized(linear(final, weights.projection)));
}

/** [class; patches E] + positions. [N, Ch, Y, X] → [N, T, C] */
function tokensOf(
  pixels: Value,
  { classToken, patch, position }: ClipVisionWeights["embedding"],
  { imageSize, patchSize, hiddenSize }: ClipVisionConfig,
): Value {
  const patches = embedPatches(pixels, patch);
  const first = broadcastTo(classToken.reshape([1, 1, hiddenSize]), [pixels.shape[0]!, 1, hiddenSize]);
  const [, , height, width] = pixels.shape as [Dim, Dim, number, number];
  const grids = { trained: gridOf(imageSize, patchSize), needed: gridOf([height, width], patchSize) };
  return concat([first, patches], 1).add(interpolatedPositions(position, { ...grids, specials: 1 }));
}

/** A vector of length one for each text; what stands behind its end token is not seen. int64 [M, T] → [M, E] */
export function embedTexts(inputIds: Value, weights: ClipTextWeights, config: ClipTextConfig): Value {
  const tokens = inputIds.shape[1]!;
  const places = rowsOf(range(tokens), weights.embedding.position); // [T, C]
  const start = tap("embedding", rowsOf(inputIds, weights.embedding.token).add(places)); // [M, T, C]
  const bias = where(triangularMask(tokens, tokens), 0, -1e30);
  const residual = encode(start, weights.blocks, { config, bias });
  const normal = tap("finalNorm", layerNorm(residual, weights.finalNorm, { epsilon: config.normEpsilon }));
  return tap("vector", normalized(linear(atEnd(normal, inputIds, config), weights.projection)));
}

/** The row of the first end token. [M, T, C] → [M, C] */
function atEnd(x: Value, inputIds: Value, { endId, hiddenSize }: ClipTextConfig): Value {
  const tokens = inputIds.shape[1]!;
  const end = (endId === null ? inputIds : inputIds.equal(endId)).cast("float32").argMax(); // [M]
  const isEnd = range(tokens)
    .reshape([1, tokens, 1])
    .equal(end.reshape([-1, 1, 1]));
  return where(isEnd, x, 0)
    .sum({ axes: [1] })
    .reshape([-1, hiddenSize]);
}

function encode(
  start: Value,
  blocks: readonly EncoderBlockWeights[],
  context: { config: ClipTowerConfig; bias?: Value },
): Value {
  return blocks.reduce(
    (residual, block, layer) => scope(`blocks.${layer}`, () => encoderBlock(residual, block, context)),
    start,
  );
}

/** x / ‖x‖ along the last axis. */
const normalized = (x: Value): Value =>
  x.div(
    x
      .mul(x)
      .sum({ axes: [-1], keepDims: true })
      .sqrt(),
  );
