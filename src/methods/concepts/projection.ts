/** From the model's width to the few dimensions in which concepts are Gaussians. */
import { AssayError, type RandomStream, tensor } from "#base";
import { eigenSymmetric, product } from "#engine";
import { type EmbeddingSource, patchesOf } from "./embedded-image.ts";
import { leadingDirections } from "./leading-directions.ts";

/** `whiten` and `pca` keep the directions of most variance, `z-score` scales, `none` centres alone, `random` is the official code's map. */
export type ProjectionKind = "whiten" | "pca" | "z-score" | "none" | "random";

/** y = (x − centre) · map. */
export interface Projection {
  readonly kind: ProjectionKind;
  readonly width: number;
  readonly d: number;
  /** [width] */
  readonly centre: Float64Array;
  /** [width, d]; absent for a diagonal one. */
  readonly map?: Float64Array;
  /** [width] factors, of a diagonal one. */
  readonly scale?: Float64Array;
  /** The share of variance that is kept. */
  readonly kept: number;
}

/** Projects rows. Shapes   rows [T, width] → into [T, d] */
export function projectRows(rows: ArrayLike<number>, projection: Projection, into: Float64Array): void {
  const { width, d, centre, map, scale } = projection;
  const count = rows.length / width;
  if (map === undefined) {
    for (let at = 0; at < rows.length; at++) into[at] = (rows[at]! - centre[at % width]!) * scale![at % width]!;
    return;
  }
  into.fill(0);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < width; i++) {
      const value = rows[row * width + i]! - centre[i]!;
      for (let j = 0; j < d; j++) into[row * d + j]! += value * map[i * d + j]!;
    }
  }
}

/** Widths from which a product of matrices beats plain loops. */
const wide = 64;

/** Arrays that one projection after another is written into; they grow with the largest. */
export interface ProjectionRoom {
  rows: Float64Array;
  centred: Float64Array;
}

/** Room for nothing yet. */
export const projectionRoom = (): ProjectionRoom => ({ rows: new Float64Array(0), centred: new Float64Array(0) });

/** The first numbers of an array of the room, which grows when it is too short. */
function roomFor(room: ProjectionRoom, name: keyof ProjectionRoom, length: number): Float64Array {
  if (room[name].length < length) room[name] = new Float64Array(length);
  return room[name].subarray(0, length);
}

/** Projects the patches of several images, one after the other; what was projected into the same room before is overwritten. Shapes   [J, width] each → [T, d] */
export async function projectImages(
  images: readonly ArrayLike<number>[],
  projection: Projection,
  room: ProjectionRoom = projectionRoom(),
): Promise<Float64Array> {
  const { width, d, centre, map } = projection;
  const total = images.reduce((sum, rows) => sum + rows.length, 0) / width;
  if (map === undefined || width < wide) {
    const projected = roomFor(room, "rows", total * d);
    let at = 0;
    for (const rows of images) {
      const end = at + (rows.length / width) * d;
      projectRows(rows, projection, projected.subarray(at, end));
      at = end;
    }
    return projected;
  }
  const centred = roomFor(room, "centred", total * width);
  let at = 0;
  for (const rows of images) for (let i = 0; i < rows.length; i++, at++) centred[at] = rows[i]! - centre[i % width]!;
  const { data } = await product(tensor([total, width], centred, "float64"), tensor([width, d], map, "float64"));
  return data;
}

/** First and second moments of all patches, in one pass. */
export interface PatchMoments {
  readonly patches: number;
  readonly images: number;
  /** [width] */
  readonly mean: Float64Array;
  /** [width, width] */
  readonly covariance: Float64Array;
}

/** How many rows are multiplied at once. */
const rowsAtOnce = 2048;

/**
 * The mean and covariance of a source's patches, each patch counted once.
 *
 * Sums are taken around the first image's mean: with a large common offset they would lose their digits.
 *
 * @throws AssayError EMBEDDINGS_EMPTY, EMBEDDINGS_CONSTANT, and what `patchesOf` refuses
 */
export async function patchMoments(source: EmbeddingSource): Promise<PatchMoments> {
  const { width } = source;
  let [patches, images, filled] = [0, 0, 0];
  let origin: Float64Array | undefined;
  const rows = new Float64Array(rowsAtOnce * width);
  const [sums, squares] = [new Float64Array(width), new Float64Array(width * width)];
  const flush = async () => {
    if (filled === 0) return;
    const block = tensor([filled, width], rows.subarray(0, filled * width), "float64");
    const { data } = await product(block, block, { transposeA: true });
    for (let at = 0; at < squares.length; at++) squares[at]! += data[at]!;
    filled = 0;
  };
  for await (const image of source.images()) {
    const count = patchesOf(image, source);
    const { embeddings } = image;
    origin ??= meanRow(embeddings, width);
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < width; i++) {
        const value = embeddings[row * width + i]! - origin[i]!;
        rows[filled * width + i] = value;
        sums[i]! += value;
      }
      if (++filled === rowsAtOnce) await flush();
    }
    patches += count;
    images++;
  }
  await flush();
  if (origin === undefined)
    throw new AssayError("EMBEDDINGS_EMPTY", `concepts: Expected images in ${source.name}, got none`);
  return finished(source, { patches, images, origin, sums, squares });
}

interface Sums {
  readonly patches: number;
  readonly images: number;
  readonly origin: Float64Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function finished({ name, width }: EmbeddingSource, { patches, images, origin, sums, squares }: Sums): PatchMoments {
  const shift = sums.map((value) => value / patches);
  const covariance = squares.map((value, at) => value / patches - shift[Math.floor(at / width)]! * shift[at % width]!);
  let [spread, size] = [0, 0];
  for (let i = 0; i < width; i++) {
    spread += covariance[i * width + i]!;
    size += origin[i]! ** 2;
  }
  if (!(spread > 1e-12 * (size + Number.MIN_VALUE))) {
    const claim = `Expected embeddings that differ, got ${patches} equal patches in ${name}`;
    throw new AssayError("EMBEDDINGS_CONSTANT", `concepts: ${claim}; look at the layer that they were read from`);
  }
  return { patches, images, mean: origin.map((value, i) => value + shift[i]!), covariance };
}

function meanRow(rows: ArrayLike<number>, width: number): Float64Array {
  const [mean, count] = [new Float64Array(width), rows.length / width];
  for (let at = 0; at < rows.length; at++) mean[at % width]! += rows[at]! / count;
  return mean;
}

/** What decides a projection. */
export interface ProjectionOptions {
  readonly kind: ProjectionKind;
  /** d for `whiten`, `pca` and `random`; the others keep the width. */
  readonly d: number;
  readonly random: RandomStream;
}

/** The projection that a source's moments ask for. @throws AssayError OPTION_RANGE */
export function projectionOf(moments: PatchMoments, { kind, d, random }: ProjectionOptions): Projection {
  const { mean: centre, covariance } = moments;
  const width = centre.length;
  const about = { kind, width, centre };
  if (kind === "none" || kind === "z-score") {
    const scale = centre.map((_, i) =>
      kind === "none" ? 1 : 1 / Math.sqrt(Math.max(covariance[i * (width + 1)]!, 1e-24)),
    );
    return { ...about, d: width, scale, kept: 1 };
  }
  if (!(Number.isInteger(d) && d >= 1 && d <= width)) {
    throw new AssayError(
      "OPTION_RANGE",
      `concepts: Expected 1 to ${width} dimensions for embeddings of ${width}, got ${d}`,
    );
  }
  return kind === "random"
    ? randomMap(about, d, random)
    : { ...about, ...principal(covariance, { kind, d, width, random }) };
}

/** Uniform in ±1 / √width, as PyTorch starts a linear layer. */
function randomMap(about: Pick<Projection, "kind" | "width" | "centre">, d: number, random: RandomStream): Projection {
  const bound = 1 / Math.sqrt(about.width);
  const map = Float64Array.from({ length: about.width * d }, () => bound * (2 * random.next() - 1));
  return { ...about, d, map, kept: d / about.width };
}

/** A direction of less variance than this share of the first is noise, and whitening would blow it up. */
const leastShare = 1e-10;

function principal(
  covariance: Float64Array,
  { kind, d, width, random }: { kind: ProjectionKind; d: number; width: number; random: RandomStream },
): Pick<Projection, "d" | "map" | "kept"> {
  const { values, vectors } = directionsOf(covariance, { width, d, random });
  let total = 0;
  for (let i = 0; i < width; i++) total += covariance[i * (width + 1)]!;
  const used = values.filter((value) => value > leastShare * values[0]!).length;
  const map = new Float64Array(width * used);
  for (let j = 0; j < used; j++) {
    const factor = kind === "whiten" ? 1 / Math.sqrt(values[j]!) : 1;
    for (let i = 0; i < width; i++) map[i * used + j] = factor * vectors[i * d + j]!;
  }
  return { d: used, map, kept: values.slice(0, used).reduce((sum, value) => sum + value, 0) / total };
}

/** The d directions of most variance, most first; each with its largest number positive, so that signs are no accident. */
function directionsOf(
  covariance: Float64Array,
  { width, d, random }: { width: number; d: number; random: RandomStream },
): { values: number[]; vectors: Float64Array } {
  const found =
    width <= 512 ? exact(covariance, width, d) : leadingDirections(covariance, { n: width, count: d, random });
  for (let j = 0; j < d; j++) {
    let peak = 0;
    for (let i = 0; i < width; i++) {
      const value = found.vectors[i * d + j]!;
      if (Math.abs(value) > Math.abs(peak) + 1e-12) peak = value;
    }
    if (peak < 0) for (let i = 0; i < width; i++) found.vectors[i * d + j]! *= -1;
  }
  return found;
}

function exact(covariance: Float64Array, width: number, d: number): { values: number[]; vectors: Float64Array } {
  const { values, vectors } = eigenSymmetric(tensor([width, width], covariance, "float64"));
  const chosen = Array.from({ length: d }, (_, j) => width - 1 - j);
  const kept = new Float64Array(width * d);
  for (const [j, at] of chosen.entries()) {
    for (let i = 0; i < width; i++) kept[i * d + j] = vectors.data[i * width + at]!;
  }
  return { values: chosen.map((at) => values.data[at]!), vectors: kept };
}
