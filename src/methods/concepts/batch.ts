/** Images by the batch: their patches projected, weighed and laid side by side. */
import { type EmbeddedImage, type EmbeddingSource, patchesOf } from "./embedded-image.ts";
import { type Projection, type ProjectionRoom, projectImages, projectionRoom } from "./projection.ts";
import { virtualCounts, type WeightOptions } from "./weights.ts";

/** T patches of several images, one after the other. From `batchesOf`, its rows and weights are overwritten by the next. */
export interface Batch {
  readonly images: readonly EmbeddedImage[];
  /** Place of the first image within the source. */
  readonly first: number;
  /** [T, d] */
  readonly rows: Float64Array;
  /** w [T] */
  readonly weights: Float64Array;
  /** Where each image's patches begin, and at the end T. */
  readonly starts: readonly number[];
}

/** How batches are made. */
export interface BatchOptions {
  readonly projection: Projection;
  readonly weights: WeightOptions;
  /** A batch ends with the image that reaches this many patches. */
  readonly patches?: number;
}

/** Patches whose features lie in a processor's cache, and are many enough for a product of matrices. */
const batchPatches = 1024;

/** Patches of images that are drawn together as pairs: 21 of ViT-B/16, where the paper draws 16. */
export const pairPatches = 4096;

/** The images of a source in batches, always cut at the same places. @throws AssayError of what `patchesOf` refuses */
export async function* batchesOf(
  source: EmbeddingSource,
  { projection, weights, patches: most = batchPatches }: BatchOptions,
): AsyncGenerator<Batch> {
  let [images, patches, first]: [EmbeddedImage[], number, number] = [[], 0, 0];
  const room = batchRoom();
  for await (const image of source.images()) {
    patches += patchesOf(image, source);
    images.push(image);
    if (patches < most) continue;
    yield await batchOf(images, { first, projection, weights, room });
    first += images.length;
    [images, patches] = [[], 0];
  }
  if (images.length > 0) yield await batchOf(images, { first, projection, weights, room });
}

/** Arrays that one batch after another is written into; they grow with the largest. */
interface BatchRoom extends ProjectionRoom {
  weights: Float64Array;
}

const batchRoom = (): BatchRoom => ({ ...projectionRoom(), weights: new Float64Array(0) });

interface OneBatchOptions extends Omit<BatchOptions, "patches"> {
  readonly first: number;
  /** Fresh arrays when left out. */
  readonly room?: BatchRoom;
}

/** One batch of given images. */
async function batchOf(
  images: readonly EmbeddedImage[],
  { first, projection, weights, room = batchRoom() }: OneBatchOptions,
): Promise<Batch> {
  const starts = [0];
  for (const { attention } of images) starts.push(starts.at(-1)! + attention.length);
  const total = starts.at(-1)!;
  if (room.weights.length < total) room.weights = new Float64Array(total);
  const counts = room.weights.subarray(0, total);
  for (const [at, { attention }] of images.entries())
    virtualCounts(attention, weights, counts.subarray(starts[at]!, starts[at + 1]!));
  const embeddings = images.map((image) => image.embeddings);
  const rows = await projectImages(embeddings, projection, room);
  return { images, first, rows, weights: counts, starts };
}

/** The perturbed images of a batch as a batch of their own; those without one are left out. */
export async function perturbedBatch(
  batch: Batch,
  options: Omit<BatchOptions, "patches">,
): Promise<{ batch: Batch; of: readonly number[] }> {
  const of = batch.images.flatMap(({ perturbed }, at) => (perturbed === undefined ? [] : [at]));
  const images = of.map((at) => batch.images[at]!.perturbed!);
  return { batch: await batchOf(images, { first: 0, ...options }), of };
}
