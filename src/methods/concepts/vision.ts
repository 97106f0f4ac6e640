/** Pictures as an image classifier sees them, ready for explainers. */
import { AssayError, hashOf, type Tensor } from "#base";
import { batchOf, type Extent, type Observation, observe, type VisionModel, visionHash } from "#models";
import { type EmbeddedImage, type EmbeddingSource, sourceOfImages } from "./embedded-image.ts";

/** Where embeddings are taken. */
export interface EmbedOptions {
  /** The hidden state, counted from the end: 1 is what leaves the last block; 2, as in the code of PACE, when left out. */
  readonly layer?: number;
  /** Whether special tokens count as patches; not, when left out. */
  readonly classToken?: boolean;
}

/** The hidden state of a layer that is counted from the end, counted from the start. @throws AssayError LAYER_OUT_OF_RANGE */
export function layerFromEnd(
  { name, config: { layers } }: Pick<VisionModel, "name" | "config">,
  layer: number,
): number {
  if (Number.isInteger(layer) && layer >= 1 && layer <= layers + 1) return layers + 1 - layer;
  const meaning = `${layers + 1} is what enters the first block`;
  const claim = `Expected a layer from 1 to ${layers + 1}, counted from the end, got ${layer}`;
  throw new AssayError("LAYER_OUT_OF_RANGE", `${name}: ${claim}; 1 is what leaves the last block, ${meaning}`);
}

/** A picture as the model sees it. */
export interface NamedPicture {
  readonly id: string;
  /** [channels, height, width]: VisionModel's picture() */
  readonly picture: Tensor;
}

/** Embedded pictures of one size. */
export interface EmbeddedPictures {
  readonly images: readonly EmbeddedImage[];
  /** Patches downwards and across. */
  readonly grid: Extent;
}

/**
 * Embeds pictures of one size: rows of patches, the class token's attention to them, and the model's answer.
 *
 * @throws AssayError CLASSIFIER_MISSING, LAYER_OUT_OF_RANGE, SHAPE_MISMATCH
 */
export async function embedPictures(
  model: VisionModel,
  pictures: readonly NamedPicture[],
  { layer = 2, classToken = false }: EmbedOptions = {},
): Promise<EmbeddedPictures> {
  model.requireLabels();
  const pixels = batchOf(pictures.map(({ picture }) => picture));
  const seen = await observe(model, pixels, { layer: layerFromEnd(model, layer) });
  const skipped = classToken ? 0 : seen.specials;
  const images = pictures.map(({ id }, at) => ({ id, ...imageAt(seen, at, skipped) }));
  return { images, grid: seen.grid };
}

function imageAt({ tokens, attention, logits, predicted }: Observation, at: number, skipped: number) {
  const [, count, width] = tokens.shape as [number, number, number];
  const embeddings = (tokens.data as Float32Array).slice((at * count + skipped) * width, (at + 1) * count * width);
  const weights = (attention.data as Float32Array).slice(at * count + skipped, (at + 1) * count);
  return { embeddings, attention: weights, label: predicted[at]!, probabilities: probabilitiesOf(logits!, at) };
}

function probabilitiesOf({ data, shape }: Tensor, row: number): Float64Array {
  const width = shape[1]!;
  const scores = Float64Array.from((data as Float32Array).subarray(row * width, (row + 1) * width));
  const most = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const odds = scores.map((score) => Math.exp(score - most));
  const total = odds.reduce((sum, odd) => sum + odd, 0);
  return odds.map((odd) => odd / total);
}

/** The hash of a model's embeddings: explanations learned from others are refused. */
export const embeddingHash = (model: VisionModel, { layer = 2, classToken = false }: EmbedOptions = {}): string =>
  hashOf({ model: visionHash(model), layer, classToken });

/** Embedded pictures of a model as a source for explainers. */
export function visionSource(
  model: VisionModel,
  images: readonly EmbeddedImage[],
  { name, ...options }: EmbedOptions & { readonly name: string },
): EmbeddingSource {
  const { hiddenSize: width, labels } = model.config;
  return sourceOfImages(images, { name, width, classes: labels.length, model: embeddingHash(model, options) });
}
