/** Triangular systems with many right sides, in block rows. */
import { AssayError, zeros } from "#base";
import { blockSize, pivotAt } from "./cholesky.ts";
import { copyOf, type Matrix, paste, rowsOf, sizesOf, squareSize } from "./matrix.ts";
import { solvePivot, subtractProduct } from "./product.ts";

/** Which system a lower triangular matrix stands for. */
export interface TriangularOptions {
  /** Solves Lᵀ X = B instead of L X = B. */
  readonly transpose?: boolean;
}

/**
 * Solves a lower triangular system; what stands above the diagonal is not read. What was learnt of L serves the next
 * right side: write nothing to it between two calls.
 *
 *     L X = B,  or Lᵀ X = B
 *
 * Shapes   L [n, n] · B [n, m] → X [n, m]
 *
 * @throws AssayError MATRIX_INVALID, SHAPE_MISMATCH, SINGULAR with the row whose diagonal is zero
 */
export async function solveTriangular(
  lower: Matrix,
  right: Matrix,
  { transpose = false }: TriangularOptions = {},
): Promise<Matrix> {
  const n = squareSize("solveTriangular", lower);
  const [rows, columns] = sizesOf("solveTriangular", right);
  if (rows !== n) {
    const got = `[${n}, ${n}] and [${rows}, ${columns}]`;
    throw new AssayError("SHAPE_MISMATCH", `solveTriangular: Expected as many rows on both sides, got ${got}`);
  }
  expectDiagonal(lower, n);
  const solution = zeros([n, columns], "float64");
  const starts = Array.from({ length: Math.ceil(n / blockSize) }, (_, at) => at * blockSize);
  for (const start of transpose ? starts.reverse() : starts) {
    const solveRows = transpose ? backward : forward;
    paste(await solveRows({ lower, right, solution }, start), solution, { row: start, column: 0 });
  }
  return solution;
}

interface System {
  readonly lower: Matrix;
  readonly right: Matrix;
  /** Rows that are solved already. */
  readonly solution: Matrix;
}

/** L_ii X_i = B_i − Σ_{j<i} L_ij X_j */
async function forward({ lower, right, solution }: System, start: number): Promise<Matrix> {
  const end = Math.min(start + blockSize, lower.shape[0]!);
  let rest = rowsOf(right, start, end);
  if (start > 0) {
    const known = copyOf(lower, { rows: [start, end], columns: [0, start] });
    rest = await subtractProduct(rest, { a: known, b: rowsOf(solution, 0, start), form: "ab" });
  }
  return solvePivot(pivotAt(lower, start), rest, "L x = s");
}

/** L_iiᵀ X_i = B_i − Σ_{j>i} L_jiᵀ X_j */
async function backward({ lower, right, solution }: System, start: number): Promise<Matrix> {
  const n = lower.shape[0]!;
  const end = Math.min(start + blockSize, n);
  let rest = rowsOf(right, start, end);
  if (end < n) {
    const known = copyOf(lower, { rows: [end, n], columns: [start, end] });
    rest = await subtractProduct(rest, { a: known, b: rowsOf(solution, end, n), form: "aᵀb" });
  }
  return solvePivot(pivotAt(lower, start), rest, "Lᵀ x = s");
}

function expectDiagonal({ data }: Matrix, n: number): void {
  for (let row = 0; row < n; row++) {
    if (data[row * n + row] !== 0) continue;
    throw new AssayError("SINGULAR", `solveTriangular: Expected a diagonal without zeros, got 0 in row ${row}`);
  }
}
