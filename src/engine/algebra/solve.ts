/** Linear systems through Cholesky: what an edit in closed form needs. */
import { AssayError } from "#base";
import { cholesky, type RidgeOptions } from "./cholesky.ts";
import { inverseNorm, oneNorm } from "./condition.ts";
import { expectFinite, type Matrix, sizesOf } from "./matrix.ts";
import { product } from "./product.ts";
import { solveTriangular } from "./triangular.ts";

/** A solution and how far to trust it. */
export interface Solved {
  readonly solution: Matrix;
  /** L, to solve for more right sides: L Lᵀ = A + λ I. */
  readonly factor: Matrix;
  /** An estimate of κ₁ = ‖A + λ I‖₁ ‖(A + λ I)⁻¹‖₁: about log₁₀ κ digits of the solution are lost. */
  readonly condition: number;
}

/**
 * Solves a symmetric positive definite system.
 *
 *     (A + λ I) X = B
 *
 * Shapes   A [n, n] · B [n, m] → X [n, m]
 *
 * @throws AssayError NOT_POSITIVE_DEFINITE, NOT_SYMMETRIC, NOT_FINITE, SHAPE_MISMATCH, MATRIX_INVALID, TOO_LARGE
 */
export async function solvePositiveDefinite(
  matrix: Matrix,
  right: Matrix,
  { ridge = 0 }: RidgeOptions = {},
): Promise<Solved> {
  expectRows("solvePositiveDefinite", matrix, right);
  expectFinite("solvePositiveDefinite", right);
  const factor = await cholesky(matrix, { ridge });
  const half = await solveTriangular(factor, right);
  const solution = await solveTriangular(factor, half, { transpose: true });
  return { solution, factor, condition: (oneNorm(matrix) + ridge) * inverseNorm(factor) };
}

/**
 * The matrix that maps the rows of `inputs` nearest to those of `targets`, by the normal equations.
 *
 *     W = argmin ‖X W − Y‖² + λ ‖W‖² = (XᵀX + λ I)⁻¹ XᵀY
 *
 * `condition` is that of XᵀX + λ I: the square of X's own when λ is zero.
 *
 * Shapes   X [rows, n] · Y [rows, m] → W [n, m]
 *
 * @throws AssayError as solvePositiveDefinite()
 */
export async function leastSquares(inputs: Matrix, targets: Matrix, options: RidgeOptions = {}): Promise<Solved> {
  expectRows("leastSquares", inputs, targets);
  expectFinite("leastSquares", inputs);
  const gram = await product(inputs, inputs, { transposeA: true });
  const right = await product(inputs, targets, { transposeA: true });
  return solvePositiveDefinite(gram, right, options);
}

function expectRows(who: string, left: Matrix, right: Matrix): void {
  if (sizesOf(who, left)[0] === sizesOf(who, right)[0]) return;
  const got = `[${left.shape.join(", ")}] and [${right.shape.join(", ")}]`;
  throw new AssayError("SHAPE_MISMATCH", `${who}: Expected as many rows on both sides, got ${got}`);
}
