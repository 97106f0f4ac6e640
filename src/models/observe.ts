/**
 * What a vision transformer saw: the tokens of a layer, how its class token weighs them, and what it says.
 *
 * Axes     N pictures · T tokens: specials, then patches row by row · C hidden size · K classes
 */
import { AssayError, type Tensor } from "#base";
import { compile, slice, tensorType, type Value, withTaps } from "#engine";
import { expectBatchSize } from "./lengths.ts";
import type { Extent } from "./patches.ts";
import { blockTap } from "./taps.ts";
import type { VisionWeights } from "./vision-family.ts";
import { expectPixels, type VisionModel } from "./vision-model.ts";

/** Which layer is looked at. */
export interface ObserveOptions {
  /**
   * The hidden state: 0 what enters the first block, n what leaves the nth. The last but one when left out, as in the code
   * of PACE (its index −2).
   */
  readonly layer?: number;
  /** The block whose attention weighs the tokens, from 0; the last one when left out. */
  readonly attentionLayer?: number;
  /** Pictures in one run; 16 when left out. */
  readonly batchSize?: number;
}

/** What was seen in each picture. */
export interface Observation {
  /** [N, T, C], before the last normalisation */
  readonly tokens: Tensor;
  /** The mean over heads of what the class token takes from each token. [N, T], rows add up to one */
  readonly attention: Tensor;
  /** [N, K]; undefined of a model without a classifier */
  readonly logits: Tensor | undefined;
  /** The class of each picture, by its place in the labels; −1 of a model without a classifier. */
  readonly predicted: readonly number[];
  /** Patches downwards and across. */
  readonly grid: Extent;
  /** Tokens before the patches: 1, or 2 with a distillation token. */
  readonly specials: number;
}

interface Observed {
  readonly tokens: Tensor;
  readonly attention: Tensor;
  readonly logits?: Tensor;
}

/**
 * Looks at pictures through a model.
 *
 *     a_j = mean over heads of P[class, j]
 *
 * Shapes   pixels [N, channels, height, width]
 * Source   Wang et al. 2024, PACE (arXiv:2406.12649), §3
 *
 * @throws AssayError LAYER_OUT_OF_RANGE, SHAPE_MISMATCH, PIXELS_NOT_FINITE, OPTION_RANGE
 * @example const { tokens, attention, predicted } = await observe(model, pixels);
 */
export async function observe(model: VisionModel, pixels: Tensor, options: ObserveOptions = {}): Promise<Observation> {
  expectPixels(model, pixels);
  const { layers } = model.config;
  const { layer = layers - 1, attentionLayer = layers - 1, batchSize = 16 } = options;
  expectBatchSize("observe", batchSize);
  expectLayer(model, layer, layers);
  expectLayer(model, attentionLayer, layers - 1);
  const [count, ...shape] = pixels.shape as number[];
  const program = await model.program(`observe|${shape.join()}|${layer}|${attentionLayer}`, () =>
    compileObservation(model, { shape, layer, attentionLayer }),
  );
  const parts: Observed[] = [];
  for (let from = 0; from < count!; from += batchSize) {
    const part = rows(pixels, from, Math.min(count!, from + batchSize));
    parts.push((await program.run({ weights: model.weights, pixels: part } as never)) as never);
  }
  const logits = parts[0]?.logits === undefined ? undefined : joined(parts.map((part) => part.logits!));
  return {
    tokens: joined(parts.map(({ tokens }) => tokens)),
    attention: joined(parts.map(({ attention }) => attention)),
    logits,
    predicted: logits === undefined ? Array.from({ length: count! }, () => -1) : largest(logits),
    grid: model.gridOf([shape[1]!, shape[2]!]),
    specials: model.specialTokens,
  };
}

function expectLayer({ name }: VisionModel, layer: number, last: number): void {
  if (Number.isInteger(layer) && layer >= 0 && layer <= last) return;
  throw new AssayError("LAYER_OUT_OF_RANGE", `${name}: Expected a layer from 0 to ${last}, got ${layer}`);
}

interface Looking {
  readonly shape: readonly number[];
  readonly layer: number;
  readonly attentionLayer: number;
}

function compileObservation(model: VisionModel, { shape, layer, attentionLayer }: Looking) {
  const tokenTap = layer === 0 ? "embedding" : blockTap(layer - 1, "residual");
  const patternTap = blockTap(attentionLayer, "attention.pattern");
  const signature = { weights: model.plan, pixels: tensorType("float32", ["N", ...shape]) };
  const build = (values: { weights: VisionWeights; pixels: Value }) => {
    const { result, taps } = withTaps({ read: [tokenTap, patternTap] }, () =>
      model.family.logits(values.pixels, values.weights, model),
    );
    const byHead = slice(taps[patternTap]!, { axis: 2, end: 1 }).squeeze(2); // [N, H, T]
    const seen = { tokens: taps[tokenTap]!, attention: byHead.mean({ axes: [1] }) };
    return model.weights.head === undefined ? seen : { ...seen, logits: result };
  };
  return compile(build as never, signature);
}

/** Some rows of a batch, sharing its memory. */
function rows({ dtype, shape, data }: Tensor, from: number, to: number): Tensor {
  const length = data.length / shape[0]!;
  const part = (data as Float32Array).subarray(from * length, to * length);
  return { dtype, shape: [to - from, ...shape.slice(1)], data: part } as Tensor;
}

function joined(parts: readonly Tensor[]): Tensor {
  if (parts.length === 1) return parts[0]!;
  const count = parts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return { dtype: "float32", shape: [count, ...parts[0]!.shape.slice(1)], data };
}

/** The place of the largest number of each row. [N, K] */
export function largest({ shape, data }: Tensor): number[] {
  const [count, width] = shape as [number, number];
  return Array.from({ length: count }, (_, row) => {
    const values = (data as Float32Array).subarray(row * width, (row + 1) * width);
    return values.indexOf(values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY));
  });
}
