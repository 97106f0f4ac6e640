/**
 * What counts for a class, by patch and by dimension.
 *
 * Axes     T tokens: specials, then P patches row by row · C hidden size
 */
import { AssayError, type Tensor } from "#base";
import { observe, traceVision, type VisionModel } from "#models";

/** One picture's answer: how much each part speaks for the class. */
export interface Attribution {
  /** The class that is asked about, by its place in the labels. */
  readonly label: number;
  /** [P], rows of patches from the top; where a method speaks of patches. */
  readonly patches: Float64Array;
  /** [C], over all patches: quasi-concepts; where a method speaks of dimensions. */
  readonly dimensions: Float64Array;
}

/** What every method is given. */
export interface AttributionInput {
  readonly model: VisionModel;
  /** One picture as the model sees it, [channels, height, width]: VisionModel's picture(). */
  readonly picture: Tensor;
  /** The model's own class when left out. */
  readonly label?: number;
}

/** The picture as a batch of one, its embedding, and the class that is asked about. */
export interface Prepared {
  /** [1, channels, height, width] */
  readonly pixels: Tensor;
  /** What enters the first block, [1, T, C]. */
  readonly embedding: Tensor;
  /** The embedding of a picture without content: every pixel zero once normalised, the mean colour. [1, T, C] */
  readonly baseline: Tensor;
  readonly label: number;
}

/** The tap at which methods ask: patches are still apart there. */
export const embeddingTap = "embedding";

/** Makes a picture ready. @throws AssayError SHAPE_MISMATCH, CLASSIFIER_MISSING, CLASS_OUT_OF_RANGE */
export async function preparePicture({ model, picture, label }: AttributionInput): Promise<Prepared> {
  const labels = model.requireLabels();
  if (label !== undefined && labels[label] === undefined) {
    const claim = `Expected a class from 0 to ${labels.length - 1}, got ${label}`;
    throw new AssayError("CLASS_OUT_OF_RANGE", `${model.name}: ${claim}`);
  }
  const pixels = { ...picture, shape: [1, ...picture.shape] } as Tensor;
  const chosen = label ?? (await observe(model, pixels)).predicted[0]!;
  return { pixels, embedding: await embed(model, pixels), baseline: await baselineOf(model, pixels), label: chosen };
}

async function embed(model: VisionModel, pixels: Tensor): Promise<Tensor> {
  return (await traceVision(model, { pixels, taps: [embeddingTap] })).taps[embeddingTap]!;
}

/** Pictures of one size share a picture without content. */
const baselines = new WeakMap<VisionModel, Map<string, Promise<Tensor>>>();

function baselineOf(model: VisionModel, pixels: Tensor): Promise<Tensor> {
  const known = baselines.get(model) ?? new Map<string, Promise<Tensor>>();
  baselines.set(model, known);
  const key = pixels.shape.join();
  const made = known.get(key) ?? embed(model, { ...pixels, data: new Float32Array(pixels.data.length) } as Tensor);
  known.set(key, made);
  return made;
}

/** The same picture or embedding so many times. [1, …] → [N, …] */
export function repeated({ dtype, shape, data }: Tensor, count: number): Tensor {
  const values = new Float32Array(count * data.length);
  for (let row = 0; row < count; row++) values.set(data as Float32Array, row * data.length);
  return { dtype, shape: [count, ...shape.slice(1)], data: values } as Tensor;
}

/** Sums contributions of tokens over dimensions and over patches; those of special tokens belong to neither. [T, C] */
export function summed(
  contributions: ArrayLike<number>,
  { width, specials, label }: { readonly width: number; readonly specials: number; readonly label: number },
): Attribution {
  const tokens = contributions.length / width;
  const patches = new Float64Array(tokens - specials);
  const dimensions = new Float64Array(width);
  for (let token = specials; token < tokens; token++) {
    for (let at = 0; at < width; at++) {
      const value = contributions[token * width + at]!;
      patches[token - specials]! += value;
      dimensions[at]! += value;
    }
  }
  return { label, patches, dimensions };
}

/** @throws AssayError OPTION_RANGE unless a count is a whole number above zero */
export function expectCount(who: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new AssayError("OPTION_RANGE", `${who}: Expected a whole number above zero for ${name}, got ${value}`);
}
