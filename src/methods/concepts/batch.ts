/** Images by the batch: their patches projected, weighed and laid side by side. */
import { type EmbeddedImage, type EmbeddingSource, patchesOf } from "./embedded-image.ts";
import { type Projection, projectImages } from "./projection.ts";
import { virtualCounts, type WeightOptions } from "./weights.ts";

/** T patches of several images, one after the other. */
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

/** Patches whose features fit the memory that a fit may take, and are many enough for a product of matrices. */
export const batchPatches = 4096;

/** The images of a source in batches, always cut at the same places. @throws AssayError of what `patchesOf` refuses */
export async function* batchesOf(
  source: EmbeddingSource,
  { projection, weights, patches: most = batchPatches }: BatchOptions,
): AsyncGenerator<Batch> {
  let [images, patches, first]: [EmbeddedImage[], number, number] = [[], 0, 0];
  for await (const image of source.images()) {
    patches += patchesOf(image, source);
    images.push(image);
    if (patches < most) continue;
    yield await batchOf(images, { first, projection, weights });
    first += images.length;
    [images, patches] = [[], 0];
  }
  if (images.length > 0) yield await batchOf(images, { first, projection, weights });
}

/** One batch of given images. */
export async function batchOf(
  images: readonly EmbeddedImage[],
  { first, projection, weights }: { first: number; projection: Projection; weights: WeightOptions },
): Promise<Batch> {
  const starts = [0];
  for (const { attention } of images) starts.push(starts.at(-1)! + attention.length);
  const total = starts.at(-1)!;
  const counts = new Float64Array(total);
  for (const [at, { attention }] of images.entries()) counts.set(virtualCounts(attention, weights), starts[at]!);
  const rows = await projectImages(
    images.map(({ embeddings }) => embeddings),
    projection,
  );
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
