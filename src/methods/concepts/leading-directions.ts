/** The leading eigenvectors of a large symmetric matrix, by repeated multiplication of a block. */
import type { RandomStream } from "#base";
import { tensor } from "#base";
import { eigenSymmetric } from "#engine";

interface LeadingOptions {
  readonly n: number;
  readonly count: number;
  readonly random: RandomStream;
}

const [rounds, spare] = [60, 12];

/**
 * Orthogonal iteration with a Rayleigh–Ritz step at the end.
 *
 * Shapes   A [n, n] → vectors [n, count], largest eigenvalue first
 * Source   Golub & Van Loan 2013, Matrix Computations, 4th edition, §8.2.4
 */
export function leadingDirections(
  matrix: Float64Array,
  { n, count, random }: LeadingOptions,
): { values: number[]; vectors: Float64Array } {
  const width = Math.min(n, count + spare);
  let block = Float64Array.from({ length: n * width }, () => random.normal());
  orthonormalize(block, n, width);
  for (let round = 0; round < rounds; round++) {
    block = times(matrix, block, { n, width });
    orthonormalize(block, n, width);
  }
  const image = times(matrix, block, { n, width });
  const small = new Float64Array(width * width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b < width; b++)
      for (let i = 0; i < n; i++) small[a * width + b]! += block[i * width + a]! * image[i * width + b]!;
  }
  for (let a = 0; a < width; a++) for (let b = 0; b < a; b++) small[a * width + b] = small[b * width + a]!;
  const ritz = eigenSymmetric(tensor([width, width], small, "float64"));
  const vectors = new Float64Array(n * count);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < count; j++) {
      const at = width - 1 - j;
      for (let a = 0; a < width; a++)
        vectors[i * count + j]! += block[i * width + a]! * ritz.vectors.data[a * width + at]!;
    }
  }
  return { values: Array.from({ length: count }, (_, j) => ritz.values.data[width - 1 - j]!), vectors };
}

function times(
  matrix: Float64Array,
  block: Float64Array,
  { n, width }: { n: number; width: number },
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(n * width);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const value = matrix[i * n + k]!;
      for (let j = 0; j < width; j++) result[i * width + j]! += value * block[k * width + j]!;
    }
  }
  return result;
}

/** Gram and Schmidt, twice, since once is not enough in floating point. */
function orthonormalize(block: Float64Array, n: number, width: number): void {
  for (let j = 0; j < width; j++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < j; other++) {
        let dot = 0;
        for (let i = 0; i < n; i++) dot += block[i * width + j]! * block[i * width + other]!;
        for (let i = 0; i < n; i++) block[i * width + j]! -= dot * block[i * width + other]!;
      }
    }
    let norm = 0;
    for (let i = 0; i < n; i++) norm += block[i * width + j]! ** 2;
    const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0;
    for (let i = 0; i < n; i++) block[i * width + j]! *= scale;
  }
}
