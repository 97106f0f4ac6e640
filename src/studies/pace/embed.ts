/** What a model saw in pictures, as explainers read it. */
import { hashOf, stream, type Tensor, tensor } from "#base";
import { type Pixels, preparedPixels } from "#formats";
import type { EmbeddedImage, EmbeddingSource } from "#methods/concepts";
import { layerFromEnd, sourceOfImages } from "#methods/concepts";
import { batchOf, type Observation, observe, pixelsOf, type VisionModel, visionHash } from "#models";
import { type EmbeddingParts, type Part, type RowReader, readerOf } from "./embedding-parts.ts";
import { perturbed } from "./perturb.ts";
import type { StudyPicture } from "./pictures.ts";
import type { Settings } from "./settings.ts";

/** A picture with what was seen in it. */
export interface SeenPicture {
  readonly picture: StudyPicture;
  /** As the model saw it, before numbers were normalised; read anew each time. */
  readonly pixels: () => Promise<Pixels>;
  /** The same perturbed. */
  readonly shaken: (() => Promise<Pixels>) | undefined;
  /** Its embeddings are read when they are asked for. */
  readonly image: EmbeddedImage;
  /** Patches downwards and across. */
  readonly grid: readonly [number, number];
  readonly predicted: number;
  readonly probabilities: Float64Array;
}

/** Numbers that the embeddings of the pictures in memory at once may have, and how many pictures that is at most. */
const [roomAtOnce, atOnce] = [2 ** 21, 64];

/** How pictures are looked at. */
export interface Looking {
  readonly settings: Settings;
  readonly seed: number;
  /** Whether each picture is perturbed too. */
  readonly withPerturbed: boolean;
  /** Where embeddings are kept, and read from until it is closed; in memory when left out. */
  readonly parts?: EmbeddingParts;
}

/** Looks at pictures through a model. @throws AssayError PICTURE_UNREADABLE, and what observe() throws */
export async function lookAt(
  model: VisionModel,
  pictures: readonly StudyPicture[],
  looking: Looking,
): Promise<SeenPicture[]> {
  const { parts } = looking;
  const count = picturesAtOnce(model);
  const seen: SeenPicture[] = [];
  for (let from = 0; from < pictures.length; from += count) {
    const some = pictures.slice(from, from + count);
    const compute = () => partOf(model, some, looking);
    const read = parts === undefined ? readerOf(await compute()) : await parts.part(String(from), compute);
    seen.push(...some.map((picture, at) => seenPicture(model, picture, { read, at, looking })));
  }
  return seen;
}

function picturesAtOnce({ config: { imageSize, patchSize, hiddenSize } }: VisionModel): number {
  const patches = (imageSize[0] * imageSize[1]) / (patchSize[0] * patchSize[1]);
  return Math.max(1, Math.min(atOnce, Math.floor(roomAtOnce / (patches * hiddenSize))));
}

const prepared = async (model: VisionModel, { photo, name }: StudyPicture): Promise<Pixels> =>
  preparedPixels(await pixelsOf(photo, name), model.pictures);

const shake = (pixels: Pixels, { name }: StudyPicture, { settings, seed }: Looking): Pixels =>
  perturbed(pixels, settings.perturbation, stream(seed, `pace/perturb/${name}`));

/** Everything that is kept of some pictures, a row a picture. */
async function partOf(model: VisionModel, pictures: readonly StudyPicture[], looking: Looking): Promise<Part> {
  const pixels: Pixels[] = [];
  for (const picture of pictures) pixels.push(await prepared(model, picture));
  const own = rowsOf(await observation(model, pixels, looking.settings), looking.settings);
  if (!looking.withPerturbed) return own;
  const shaken = pixels.map((one, at) => shake(one, pictures[at]!, looking));
  const again = rowsOf(await observation(model, shaken, looking.settings), looking.settings);
  const named = Object.entries(again).map(([name, rows]) => [`perturbed_${name}`, rows]);
  return { ...own, ...Object.fromEntries(named) };
}

async function observation(model: VisionModel, pixels: readonly Pixels[], { layer }: Settings): Promise<Observation> {
  model.requireLabels();
  const tensors: Tensor<"float32">[] = [];
  for (const one of pixels) tensors.push(await model.picture(one));
  return observe(model, batchOf(tensors), { layer: layerFromEnd(model, layer) });
}

/** embeddings [N, J, D] · attention [N, J] · probabilities [N, classes] · labels [N, 1] · grids [N, 2] */
function rowsOf({ tokens, attention, logits, predicted, specials, grid }: Observation, settings: Settings): Part {
  const [images, count, width] = tokens.shape as [number, number, number];
  const skipped = settings.classToken === "yes" ? 0 : specials;
  const kept = count - skipped;
  const [rows, weights] = [new Float32Array(images * kept * width), new Float32Array(images * kept)];
  for (let at = 0; at < images; at++) {
    const [from, to] = [at * count + skipped, (at + 1) * count];
    rows.set((tokens.data as Float32Array).subarray(from * width, to * width), at * kept * width);
    weights.set((attention.data as Float32Array).subarray(from, to), at * kept);
  }
  const odds = predicted.flatMap((_, at) => [...softmaxRow(logits!, at)]);
  return {
    embeddings: tensor([images, kept, width], rows, "float32"),
    attention: tensor([images, kept], weights, "float32"),
    probabilities: tensor([images, logits!.shape[1]!], odds, "float64"),
    labels: tensor([images, 1], [...predicted], "int32"),
    grids: tensor(
      [images, 2],
      predicted.flatMap(() => [...grid]),
      "int32",
    ),
  };
}

interface Place {
  readonly read: RowReader;
  readonly at: number;
  readonly looking: Looking;
}

function seenPicture(model: VisionModel, picture: StudyPicture, { read, at, looking }: Place): SeenPicture {
  const { name } = picture;
  const other = looking.withPerturbed
    ? { perturbed: lazyImage(read, at, { id: `${name} perturbed`, prefix: "perturbed_" }) }
    : {};
  const image = lazyImage(read, at, { id: name, prefix: "", ...other });
  const pixels = () => prepared(model, picture);
  return {
    picture,
    pixels,
    shaken: looking.withPerturbed ? async () => shake(await pixels(), picture, looking) : undefined,
    image,
    grid: [...(read("grids", at).data as Int32Array)] as unknown as readonly [number, number],
    predicted: image.label!,
    probabilities: image.probabilities as Float64Array,
  };
}

interface Named extends Pick<EmbeddedImage, "id" | "perturbed"> {
  readonly prefix: string;
}

/** An image whose embeddings are read anew each time: a copy of it (`{ ...image }`) holds them. */
function lazyImage(read: RowReader, at: number, { prefix, ...named }: Named): EmbeddedImage {
  const row = (name: string) => read(`${prefix}${name}`, at).data;
  const about = {
    ...named,
    attention: row("attention") as Float32Array,
    label: Number(row("labels")[0]),
    probabilities: row("probabilities") as Float64Array,
  };
  const get = () => row("embeddings") as Float32Array;
  return Object.defineProperty(about, "embeddings", { enumerable: true, get }) as EmbeddedImage;
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
  function* images() {
    for (const { image } of seen) yield { ...image };
  }
  return { ...sourceOfImages([], about), count: seen.length, images };
}

/** Every picture of some lists by its name, perturbed ones by theirs, as the model sees it. */
export function pictureFinder(
  model: VisionModel,
  lists: readonly (readonly SeenPicture[])[],
): (id: string) => Promise<Tensor> {
  const pixels = new Map<string, () => Promise<Pixels>>();
  for (const { image, pixels: own, shaken } of lists.flat()) {
    pixels.set(image.id, own);
    if (shaken !== undefined) pixels.set(image.perturbed!.id, shaken);
  }
  return async (id) => model.picture(await pixels.get(id)!(), id);
}

/** The same pictures perturbed, as a source of their own. */
export function perturbedSource(source: EmbeddingSource, seen: readonly SeenPicture[]): EmbeddingSource {
  function* images() {
    for (const { image } of seen) yield { ...image.perturbed! };
  }
  return { ...source, name: `${source.name}, perturbed`, images };
}
