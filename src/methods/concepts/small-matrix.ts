/** Factorisations of small symmetric matrices in plain loops: hundreds of 25 × 25 ones are not worth a program. */
import { AssayError } from "#base";

/** A⁻¹ and ln |A| of a symmetric positive definite A [n, n]. @throws AssayError COVARIANCE_SINGULAR naming `who` */
export function choleskyInverse(
  matrix: Float64Array,
  n: number,
  who: string,
): { readonly inverse: Float64Array; readonly logDet: number } {
  const lower = choleskyLower(matrix, n, who);
  let logDet = 0;
  for (let i = 0; i < n; i++) logDet += 2 * Math.log(lower[i * n + i]!);
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    column.fill(0);
    column[k] = 1;
    substitute(lower, n, column);
    for (let i = 0; i < n; i++) inverse[i * n + k] = column[i]!;
  }
  return { inverse, logDet };
}

/** L with L Lᵀ = A, zero above the diagonal. @throws AssayError COVARIANCE_SINGULAR naming `who` */
export function choleskyLower(matrix: Float64Array, n: number, who: string): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= lower[i * n + k]! * lower[j * n + k]!;
      if (i !== j) lower[i * n + j] = rest / lower[j * n + j]!;
      else if (rest > 0) lower[i * n + i] = Math.sqrt(rest);
      else throw singular(who, i, rest);
    }
  }
  return lower;
}

const singular = (who: string, at: number, rest: number): AssayError =>
  new AssayError(
    "COVARIANCE_SINGULAR",
    `concepts: Expected a positive variance for ${who} in dimension ${at}, got ${rest.toExponential(2)}; raise the floor`,
  );

/** Solves L Lᵀ x = b in place. */
export function substitute(lower: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let rest = x[i]!;
    for (let k = 0; k < i; k++) rest -= lower[i * n + k]! * x[k]!;
    x[i] = rest / lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let rest = x[i]!;
    for (let k = i + 1; k < n; k++) rest -= lower[k * n + i]! * x[k]!;
    x[i] = rest / lower[i * n + i]!;
  }
}
