/**
 * The Cholesky factorisation, in block columns from the left: all but the diagonal blocks is matrix products.
 *
 * Source   Golub & Van Loan 2013, Matrix Computations, 4th edition, §4.2.5 and §4.2.9
 */
import { AssayError, zeros } from "#base";
import { copyOf, type Matrix, paste, rowsOf, symmetricSize } from "./matrix.ts";
import { type Pivot, solvePivot, subtractProduct } from "./product.ts";

/** Side of a diagonal block: factored by plain loops, so it stays small; the products want it large. */
export const blockSize = 192;

/** The largest side that fits a typed array with room for its factor. */
export const largestSide = 30_000;

/** What is added to the diagonal before factoring. */
export interface RidgeOptions {
  /** λ in A + λ I; 0 when left out. */
  readonly ridge?: number;
}

/**
 * The lower triangular matrix whose product with its transpose is a symmetric positive definite one.
 *
 *     L Lᵀ = A + λ I
 *
 * Shapes   A [n, n] → L [n, n], zero above the diagonal
 *
 * @throws AssayError NOT_POSITIVE_DEFINITE with the pivot and a ridge to try, NOT_SYMMETRIC, NOT_FINITE, MATRIX_INVALID, TOO_LARGE
 */
export async function cholesky(matrix: Matrix, { ridge = 0 }: RidgeOptions = {}): Promise<Matrix> {
  const n = symmetricSize("cholesky", matrix);
  if (n > largestSide) {
    throw new AssayError("TOO_LARGE", `cholesky: Expected at most ${largestSide} rows, got ${n}`);
  }
  const lower = zeros([n, n], "float64");
  for (let start = 0; start < n; start += blockSize) await factorColumn(matrix, lower, { start, ridge });
  return lower;
}

interface ColumnOptions {
  readonly start: number;
  readonly ridge: number;
}

async function factorColumn(matrix: Matrix, lower: Matrix, { start, ridge }: ColumnOptions): Promise<void> {
  const n = matrix.shape[0]!;
  const end = Math.min(start + blockSize, n);
  const size = end - start;
  const column = await remainder(matrix, lower, { start, end });
  for (let at = 0; at < size; at++) column.data[at * size + at]! += ridge;
  const diagonal = rowsOf(column, 0, size);
  factorDiagonal(diagonal, { start, ridge });
  paste(diagonal, lower, { row: start, column: start });
  if (end === n) return;
  const pivot = { lower: diagonal, inverse: invertLower(diagonal) };
  const below = await solvePivot(pivot, rowsOf(column, size, n - start), "x Lᵀ = s");
  paste(below, lower, { row: end, column: start });
}

/** A − L Lᵀ over the block column, with the columns of L that are known. [n − start, size] */
async function remainder(
  matrix: Matrix,
  lower: Matrix,
  { start, end }: { start: number; end: number },
): Promise<Matrix> {
  const n = matrix.shape[0]!;
  const column = copyOf(matrix, { rows: [start, n], columns: [start, end] });
  if (start === 0) return column;
  const known = copyOf(lower, { rows: [start, n], columns: [0, start] });
  return subtractProduct(column, { a: known, b: rowsOf(known, 0, end - start), form: "abᵀ" });
}

/** Factors a small matrix in place, row by row, and clears what is above the diagonal. */
function factorDiagonal({ data, shape }: Matrix, { start, ridge }: ColumnOptions): void {
  const size = shape[0]!;
  for (let row = 0; row < size; row++) {
    const here = row * size;
    for (let column = 0; column <= row; column++) {
      const there = column * size;
      let rest = data[here + column]!;
      for (let k = 0; k < column; k++) rest -= data[here + k]! * data[there + k]!;
      if (column < row) data[here + column] = rest / data[there + column]!;
      else data[here + row] = pivotRoot(rest, { pivot: start + row, ridge });
    }
    data.fill(0, here + row + 1, here + size);
  }
}

function pivotRoot(rest: number, { pivot, ridge }: { pivot: number; ridge: number }): number {
  if (rest > 0) return Math.sqrt(rest);
  const got = `got pivot ${rest.toPrecision(3)} in row ${pivot} with ridge ${ridge}`;
  const wayOut = `add a ridge, for example ${suggestedRidge(rest, ridge).toPrecision(2)}, or more independent rows`;
  throw new AssayError("NOT_POSITIVE_DEFINITE", `cholesky: Expected a positive definite matrix, ${got}; ${wayOut}`, {
    details: { pivot, value: rest, ridge },
  });
}

const suggestedRidge = (rest: number, ridge: number): number => Math.max(10 * ridge, -2 * rest, 1e-8);

/** L⁻¹ of a small lower triangular matrix. */
export function invertLower({ data, shape }: Matrix): Matrix {
  const size = shape[0]!;
  const inverse = zeros([size, size], "float64");
  const x = inverse.data;
  for (let row = 0; row < size; row++) {
    const here = row * size;
    x[here + row] = 1;
    for (let k = 0; k < row; k++) {
      const factor = data[here + k]!;
      for (let column = 0; column <= k; column++) x[here + column]! -= factor * x[k * size + column]!;
    }
    const pivot = data[here + row]!;
    for (let column = 0; column <= row; column++) x[here + column]! /= pivot;
  }
  return inverse;
}

/** Pivots of factors that were solved with before: a factor serves many right sides, and is never written to again. */
const knownPivots = new WeakMap<Matrix, Map<number, Pivot>>();

/** The diagonal block that begins at `start`, with its inverse. */
export function pivotAt(lower: Matrix, start: number): Pivot {
  const own = knownPivots.get(lower) ?? new Map<number, Pivot>();
  knownPivots.set(lower, own);
  const pivot = own.get(start) ?? newPivot(lower, start);
  own.set(start, pivot);
  return pivot;
}

function newPivot(lower: Matrix, start: number): Pivot {
  const end = Math.min(start + blockSize, lower.shape[0]!);
  const block = copyOf(lower, { rows: [start, end], columns: [start, end] });
  return { lower: block, inverse: invertLower(block) };
}
