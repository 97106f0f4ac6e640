/** Which weights these are: the hash that an edit is bound to. */
import { hashOf, sha256, type Tensor } from "#base";
import { leavesOf } from "#engine";
import type { LanguageModel, WeightTensors } from "#models";

/** The hash of a model's weights as numbers, whatever files and number types they were stored in. */
export interface WeightsFingerprint {
  /** Of all leaves together. */
  readonly weights: string;
  /** Of each leaf, by its path. */
  readonly leaves: Readonly<Record<string, string>>;
}

/** SHA-256 of a tensor's numbers. */
export const fingerprintOf = ({ data }: Tensor): string =>
  sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));

/** The hash of all from the hashes of each. */
export const joinFingerprints = (leaves: Readonly<Record<string, string>>): WeightsFingerprint => ({
  weights: hashOf(leaves),
  leaves,
});

interface Remembered {
  readonly sample: number;
  readonly hash: string;
}

/** Hashes of arrays that were hashed before; looked at again when a sample of their numbers has moved. */
const known = new WeakMap<object, Remembered>();

/**
 * The fingerprint of a model in memory. What was hashed once is not hashed again, unless numbers in it have changed.
 *
 * @throws AssayError WEIGHTS_STREAMED
 */
export function fingerprint(model: LanguageModel): WeightsFingerprint {
  return fingerprintWeights(model.weights);
}

/** As fingerprint() for weights alone. */
export function fingerprintWeights(weights: WeightTensors): WeightsFingerprint {
  const leaves: Record<string, string> = {};
  for (const [path, leaf] of leavesOf<Tensor>(weights)) leaves[path] = leafHash(leaf);
  return joinFingerprints(leaves);
}

function leafHash(leaf: Tensor): string {
  const sample = sampleOf(leaf.data as Float32Array);
  const remembered = known.get(leaf.data);
  if (remembered?.sample === sample) return remembered.hash;
  const hash = fingerprintOf(leaf);
  known.set(leaf.data, { sample, hash });
  return hash;
}

/** So many numbers of an array tell whether it was trained in the meantime. */
const sampled = 1024;

function sampleOf(data: Float32Array): number {
  const stride = Math.max(1, Math.floor(data.length / sampled));
  let sum = 0;
  for (let at = 0, factor = 1; at < data.length; at += stride, factor = (factor * 31) % 65521)
    sum += factor * data[at]!;
  return sum;
}
