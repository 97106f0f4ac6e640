/**
 * How much a linear system magnifies errors, from its Cholesky factor.
 *
 * Source   Higham 2002, Accuracy and Stability of Numerical Algorithms, 2nd edition, algorithm 15.1 (after Hager 1984)
 */
import { type Matrix, squareSize } from "./matrix.ts";

/** The largest column sum of absolute values. */
export function oneNorm({ data, shape }: Matrix): number {
  const [rows, columns] = shape as [number, number];
  const sums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) sums[column]! += Math.abs(data[row * columns + column]!);
  }
  return sums.reduce((largest, sum) => Math.max(largest, sum), 0);
}

const iterations = 5;

/**
 * An estimate of ‖(L Lᵀ)⁻¹‖₁, which it never exceeds and rarely misses by a factor of three.
 *
 * @throws AssayError MATRIX_INVALID
 */
export function inverseNorm(lower: Matrix): number {
  const n = squareSize("inverseNorm", lower);
  let x = new Float64Array(n).fill(1 / n);
  let estimate = 0;
  for (let round = 0; round < iterations; round++) {
    const y = solveBoth(lower, x);
    estimate = Math.max(
      estimate,
      y.reduce((sum, value) => sum + Math.abs(value), 0),
    );
    const z = solveBoth(
      lower,
      y.map((value) => (value >= 0 ? 1 : -1)),
    );
    const peak = largestAt(z);
    const along = z.reduce((sum, value, at) => sum + value * x[at]!, 0);
    if (Math.abs(z[peak]!) <= along) return estimate;
    x = new Float64Array(n);
    x[peak] = 1;
  }
  return estimate;
}

/** (L Lᵀ)⁻¹ x by substitution. */
export function solveBoth({ data, shape }: Matrix, right: Float64Array): Float64Array<ArrayBuffer> {
  const n = shape[0]!;
  const x = Float64Array.from(right);
  for (let row = 0; row < n; row++) {
    let rest = x[row]!;
    for (let k = 0; k < row; k++) rest -= data[row * n + k]! * x[k]!;
    x[row] = rest / data[row * n + row]!;
  }
  for (let row = n - 1; row >= 0; row--) {
    const solved = x[row]! / data[row * n + row]!;
    x[row] = solved;
    for (let k = 0; k < row; k++) x[k]! -= data[row * n + k]! * solved;
  }
  return x;
}

function largestAt(values: Float64Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (Math.abs(values[at]!) > Math.abs(values[best]!)) best = at;
  return best;
}
