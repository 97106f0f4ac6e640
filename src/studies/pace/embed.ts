/** What a model saw in pictures, as explainers read it. */
import { hashOf, stream, type Tensor } from "#base";
import { type Pixels, preparedPixels } from "#formats";
import type { EmbeddedImage, EmbeddingSource } from "#methods/concepts";
import { sourceOfImages } from "#methods/concepts";
import { batchOf, type Observation, observe, pixelsOf, type VisionModel, visionHash } from "#models";
import { perturbed } from "./perturb.ts";
import type { StudyPicture } from "./pictures.ts";
import type { Settings } from "./settings.ts";

/** A picture with what was seen in it. */
export interface SeenPicture {
  readonly picture: StudyPicture;
  /** As the model saw it, before numbers were normalised. */
  readonly pixels: Pixels;
  /** The same perturbed. */
  readonly shaken: Pixels | undefined;
  readonly image: EmbeddedImage;
  /** Patches downwards and across. */
  readonly grid: readonly [number, number];
  readonly predicted: number;
  readonly probabilities: Float64Array;
}

/** Pictures that are in memory at once before they are embedded. */
const atOnce = 64;

interface Looking {
  readonly settings: Settings;
  readonly seed: number;
  /** Whether each picture is perturbed too. */
  readonly withPerturbed: boolean;
}

/** Looks at pictures through a model. @throws AssayError PICTURE_UNREADABLE, and what observe() throws */
export async function lookAt(
  model: VisionModel,
  pictures: readonly StudyPicture[],
  looking: Looking,
): Promise<SeenPicture[]> {
  const seen: SeenPicture[] = [];
  for (let from = 0; from < pictures.length; from += atOnce) {
    seen.push(...(await lookAtFew(model, pictures.slice(from, from + atOnce), looking)));
  }
  return seen;
}

async function lookAtFew(
  model: VisionModel,
  pictures: readonly StudyPicture[],
  { settings, seed, withPerturbed }: Looking,
): Promise<SeenPicture[]> {
  const pixels: Pixels[] = [];
  for (const { photo, name } of pictures) pixels.push(preparedPixels(await pixelsOf(photo, name), model.pictures));
  const seen = await observation(model, pixels, settings);
  const shaken = withPerturbed
    ? pixels.map((one, at) => perturbed(one, settings.perturbation, stream(seed, `pace/perturb/${pictures[at]!.name}`)))
    : undefined;
  const again = shaken === undefined ? undefined : await observation(model, shaken, settings);
  return pictures.map((picture, at) => {
    const { name } = picture;
    const own = imageAt(seen, at, { id: name, settings });
    const image =
      again === undefined ? own : { ...own, perturbed: imageAt(again, at, { id: `${name} perturbed`, settings }) };
    return {
      picture,
      pixels: pixels[at]!,
      shaken: shaken?.[at],
      image,
      grid: seen.grid,
      predicted: own.label!,
      probabilities: own.probabilities as Float64Array,
    };
  });
}

async function observation(model: VisionModel, pixels: readonly Pixels[], { layer }: Settings): Promise<Observation> {
  model.requireLabels();
  const tensors: Tensor<"float32">[] = [];
  for (const one of pixels) tensors.push(await model.picture(one));
  // The layer is counted from the end: 1 leaves the last block, 2 the one before.
  return observe(model, batchOf(tensors), { layer: Math.max(0, model.config.layers + 1 - layer) });
}

function imageAt(
  { tokens, attention, logits, predicted, specials }: Observation,
  at: number,
  { id, settings }: { id: string; settings: Settings },
): EmbeddedImage {
  const [, count, width] = tokens.shape as [number, number, number];
  const skipped = settings.classToken === "yes" ? 0 : specials;
  const rows = (tokens.data as Float32Array).slice((at * count + skipped) * width, (at + 1) * count * width);
  const weights = (attention.data as Float32Array).slice(at * count + skipped, (at + 1) * count);
  return { id, embeddings: rows, attention: weights, label: predicted[at]!, probabilities: softmaxRow(logits!, at) };
}

/** Probabilities of one row of logits. */
export function softmaxRow({ data, shape }: Tensor, row: number): Float64Array {
  const width = shape[1]!;
  const scores = Float64Array.from((data as Float32Array).subarray(row * width, (row + 1) * width));
  const peak = Math.max(...scores);
  const raw = scores.map((score) => Math.exp(score - peak));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
}

/** Seen pictures as a source for explainers. */
export function sourceOf(
  model: VisionModel,
  seen: readonly SeenPicture[],
  { name, settings }: { name: string; settings: Settings },
): EmbeddingSource {
  const { layer, classToken } = settings;
  const identity = hashOf({
    model: visionHash(model),
    layer,
    classToken,
    layers: model.config.layers,
    width: model.config.hiddenSize,
  }).slice(0, 16);
  const about = { name, width: model.config.hiddenSize, classes: model.config.labels.length, model: identity };
  return sourceOfImages(
    seen.map(({ image }) => image),
    about,
  );
}

/** Every picture of some lists by its name, perturbed ones by theirs, as the model sees it. */
export function pictureFinder(
  model: VisionModel,
  lists: readonly (readonly SeenPicture[])[],
): (id: string) => Promise<Tensor> {
  const pixels = new Map<string, Pixels>();
  for (const { image, pixels: own, shaken } of lists.flat()) {
    pixels.set(image.id, own);
    if (shaken !== undefined) pixels.set(image.perturbed!.id, shaken);
  }
  return (id) => model.picture(pixels.get(id)!, id);
}

/** The same pictures perturbed, as a source of their own. */
export function perturbedSource(source: EmbeddingSource, seen: readonly SeenPicture[]): EmbeddingSource {
  return {
    ...source,
    name: `${source.name}, perturbed`,
    images: () => seen.map(({ image }) => ({ ...image, ...image.perturbed! })),
  };
}
