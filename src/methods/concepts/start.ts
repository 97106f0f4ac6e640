/** Where a fit begins: k-means++ on a sample of patches. */
import { type RandomStream, stream } from "#base";
import { batchesOf } from "./batch.ts";
import { refineCentres, spreadCentres, type WeightedRows } from "./clusters.ts";
import type { EmbeddingSource } from "./embedded-image.ts";
import type { Gaussians } from "./gaussians.ts";
import type { Projection } from "./projection.ts";
import type { ConceptSettings } from "./settings.ts";

/** A sample of a source's projected patches, each equally likely. Source   Vitter 1985, algorithm R */
export async function samplePatches(
  source: EmbeddingSource,
  {
    projection,
    weights,
    count,
    random,
  }: Pick<ConceptSettings, "weights"> & { projection: Projection; count: number; random: RandomStream },
): Promise<WeightedRows> {
  const { d } = projection;
  const [rows, kept] = [new Float64Array(count * d), new Float64Array(count)];
  let seen = 0;
  for await (const batch of batchesOf(source, { projection, weights })) {
    for (let at = 0; at < batch.weights.length; at++) {
      const place = seen < count ? seen : random.int(seen + 1);
      seen++;
      if (place >= count) continue;
      rows.set(batch.rows.subarray(at * d, (at + 1) * d), place * d);
      kept[place] = batch.weights[at]!;
    }
  }
  const found = Math.min(count, seen);
  return { rows: rows.subarray(0, found * d), weights: kept.subarray(0, found), d };
}

/** The mean variance of projected rows over dimensions. */
export function meanVariance({ rows, weights, d }: WeightedRows): number {
  const mass = weights.reduce((sum, weight) => sum + weight, 0);
  const [sums, squares] = [new Float64Array(d), new Float64Array(d)];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[Math.floor(at / d)]! / mass;
    sums[at % d]! += weight * rows[at]!;
    squares[at % d]! += weight * rows[at]! ** 2;
  }
  return squares.reduce((total, square, i) => total + square - sums[i]! ** 2, 0) / d;
}

/** K Gaussians around the clusters of a sample, with the clusters' common covariance. @throws AssayError CONCEPTS_TOO_MANY */
export function startGaussians(
  sample: WeightedRows,
  { concepts, covariance: kind, startRounds, seed, prior }: ConceptSettings,
  variance: number,
): Gaussians {
  const { d } = sample;
  const centres = spreadCentres(sample, concepts, stream(seed, "concepts/start"));
  const { centres: means, labels } = refineCentres(sample, centres, startRounds);
  const common = new Float64Array(d * d);
  let mass = 0;
  for (const [row, label] of labels.entries()) {
    const weight = sample.weights[row]!;
    mass += weight;
    for (let i = 0; i < d; i++) {
      const gap = weight * (sample.rows[row * d + i]! - means[label * d + i]!);
      for (let j = 0; j <= i; j++) common[i * d + j]! += gap * (sample.rows[row * d + j]! - means[label * d + j]!);
    }
  }
  const covariances = new Float64Array(concepts * d * d);
  const ridge = Math.max(prior.floor, 1e-6) * variance;
  for (let k = 0; k < concepts; k++)
    writeStart(covariances.subarray(k * d * d, (k + 1) * d * d), common, { d, mass, ridge, kind });
  return { kind, d, means, covariances };
}

function writeStart(
  into: Float64Array,
  common: Float64Array,
  { d, mass, ridge, kind }: { d: number; mass: number; ridge: number; kind: Gaussians["kind"] },
): void {
  let trace = 0;
  for (let i = 0; i < d; i++) trace += common[i * (d + 1)]! / mass / d;
  for (let i = 0; i < d; i++) {
    into[i * (d + 1)] = ridge + (kind === "spherical" ? trace : common[i * (d + 1)]! / mass);
    if (kind === "diagonal" || kind === "spherical") continue;
    for (let j = 0; j < i; j++) {
      into[i * d + j] = common[i * d + j]! / mass;
      into[j * d + i] = into[i * d + j]!;
    }
  }
}
