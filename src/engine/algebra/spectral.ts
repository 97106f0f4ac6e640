/** Decompositions into directions, for small matrices. */
import { EVD, Matrix as MlMatrix, SVD } from "ml-matrix";
import { AssayError, type Tensor, tensor } from "#base";
import { expectFinite, type Matrix, sizesOf, symmetricSize } from "./matrix.ts";

/** The longest side that these decompositions take: they are plain loops. */
export const largestSpectralSide = 512;

/** A symmetric matrix in its own directions: A = V diag(λ) Vᵀ. */
export interface EigenDecomposition {
  /** λ [n], ascending. */
  readonly values: Tensor<"float64">;
  /** V [n, n], a direction of length one in each column. */
  readonly vectors: Matrix;
  /** max |λ| / min |λ|. */
  readonly condition: number;
}

/**
 * The eigenvalues and eigenvectors of a symmetric matrix.
 *
 * Shapes   A [n, n] with n ≤ 512
 *
 * @throws AssayError NOT_SYMMETRIC, NOT_FINITE, TOO_LARGE, MATRIX_INVALID
 */
export function eigenSymmetric(matrix: Matrix): EigenDecomposition {
  const n = symmetricSize("eigenSymmetric", matrix);
  expectSmall("eigenSymmetric", matrix);
  const found = new EVD(mlMatrix(matrix), { assumeSymmetric: true });
  const order = Array.from({ length: n }, (_, at) => at).sort(
    (a, b) => found.realEigenvalues[a]! - found.realEigenvalues[b]!,
  );
  const values = order.map((at) => found.realEigenvalues[at]!);
  const vectors = tensor([n, n], new Float64Array(n * n), "float64");
  for (let row = 0; row < n; row++) {
    for (const [column, at] of order.entries()) vectors.data[row * n + column] = found.eigenvectorMatrix.get(row, at);
  }
  return { values: tensor([n], values, "float64"), vectors, condition: conditionOf(values) };
}

/** A matrix as rotations and lengths: A = U diag(σ) Vᵀ. */
export interface SingularDecomposition {
  /** U [rows, k], k the shorter side. */
  readonly left: Matrix;
  /** σ [k], descending. */
  readonly values: Tensor<"float64">;
  /** V [columns, k]. */
  readonly right: Matrix;
  /** σ₁ / σₖ. */
  readonly condition: number;
}

/**
 * The singular values and directions of a matrix.
 *
 * Shapes   A [rows, columns], each ≤ 512
 *
 * @throws AssayError NOT_FINITE, TOO_LARGE, MATRIX_INVALID
 */
export function singularDecomposition(matrix: Matrix): SingularDecomposition {
  const [rows, columns] = sizesOf("singularDecomposition", matrix);
  expectFinite("singularDecomposition", matrix);
  expectSmall("singularDecomposition", matrix);
  const k = Math.min(rows, columns);
  const found = new SVD(mlMatrix(matrix), { autoTranspose: true });
  const values = found.diagonal.slice(0, k);
  return {
    left: firstColumns(found.leftSingularVectors, rows, k),
    values: tensor([k], values, "float64"),
    right: firstColumns(found.rightSingularVectors, columns, k),
    condition: conditionOf(values),
  };
}

const conditionOf = (values: readonly number[]): number => {
  const sizes = values.map(Math.abs);
  return Math.max(...sizes) / Math.min(...sizes);
};

function firstColumns(matrix: MlMatrix, rows: number, columns: number): Matrix {
  const data = new Float64Array(rows * columns);
  for (let at = 0; at < data.length; at++) data[at] = matrix.get(Math.floor(at / columns), at % columns);
  return tensor([rows, columns], data, "float64");
}

const mlMatrix = ({ data, shape }: Matrix): MlMatrix => MlMatrix.from1DArray(shape[0]!, shape[1]!, data);

function expectSmall(who: string, { shape }: Matrix): void {
  if (Math.max(...shape) <= largestSpectralSide) return;
  const got = `[${shape.join(", ")}]; project it onto fewer directions first`;
  throw new AssayError("TOO_LARGE", `${who}: Expected sides of at most ${largestSpectralSide}, got ${got}`);
}
