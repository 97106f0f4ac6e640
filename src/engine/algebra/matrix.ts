/** Matrices in float64, row-major, and what is asked of them before work begins. */
import { AssayError, isTensor, type Tensor } from "#base";

/** [rows, columns] in float64. */
export type Matrix = Tensor<"float64">;

/** Rows and columns. @throws AssayError MATRIX_INVALID */
export function sizesOf(who: string, matrix: Matrix): readonly [rows: number, columns: number] {
  const isMatrix = isTensor(matrix) && matrix.dtype === "float64" && matrix.shape.length === 2;
  if (isMatrix && matrix.data.length === matrix.shape[0]! * matrix.shape[1]!) {
    return [matrix.shape[0]!, matrix.shape[1]!];
  }
  const got = isTensor(matrix) ? `${matrix.dtype} [${matrix.shape.join(", ")}]` : String(matrix);
  throw new AssayError("MATRIX_INVALID", `${who}: Expected a float64 matrix, got ${got}; convert it with toFloat64()`);
}

/** The length of a side. @throws AssayError MATRIX_INVALID */
export function squareSize(who: string, matrix: Matrix): number {
  const [rows, columns] = sizesOf(who, matrix);
  if (rows === columns && rows > 0) return rows;
  throw new AssayError("MATRIX_INVALID", `${who}: Expected a square matrix, got [${rows}, ${columns}]`);
}

/** How far two mirrored values may differ, relative to the largest value. */
const symmetryTolerance = 1e-8;

/** The length of a side of a symmetric matrix. @throws AssayError NOT_SYMMETRIC, naming the pair that differs most, NOT_FINITE */
export function symmetricSize(who: string, matrix: Matrix): number {
  const n = squareSize(who, matrix);
  const largest = expectFinite(who, matrix);
  const worst = worstPair(matrix.data, n);
  if (worst.difference <= symmetryTolerance * largest) return n;
  const { row, column, difference } = worst;
  const got = `a difference of ${difference.toPrecision(3)} between [${row}, ${column}] and [${column}, ${row}]`;
  const wayOut = "average it with its transpose if that is rounding";
  throw new AssayError("NOT_SYMMETRIC", `${who}: Expected a symmetric matrix, got ${got}; ${wayOut}`);
}

function worstPair(data: Float64Array, n: number): { row: number; column: number; difference: number } {
  const worst = { row: 0, column: 0, difference: 0 };
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < row; column++) {
      const difference = Math.abs(data[row * n + column]! - data[column * n + row]!);
      if (difference > worst.difference) Object.assign(worst, { row, column, difference });
    }
  }
  return worst;
}

/** The largest absolute value. @throws AssayError NOT_FINITE */
export function expectFinite(who: string, { data, shape }: Matrix): number {
  let largest = 0;
  for (let at = 0; at < data.length; at++) {
    const size = Math.abs(data[at]!);
    if (size > largest) largest = size;
    if (size < Number.POSITIVE_INFINITY) continue;
    const columns = shape[1]!;
    const place = `[${Math.floor(at / columns)}, ${at % columns}]`;
    throw new AssayError("NOT_FINITE", `${who}: Expected finite numbers, got ${data[at]} at ${place}`);
  }
  return largest;
}

/** A tensor of floats as float64, for algebra. */
export function toFloat64(tensor: Tensor<"float32" | "float64">): Matrix {
  return { dtype: "float64", shape: tensor.shape, data: Float64Array.from(tensor.data) };
}

/** Rows `from` to `to` (excluded), as a view. */
export function rowsOf({ data, shape }: Matrix, from: number, to: number): Matrix {
  const columns = shape[1]!;
  return { dtype: "float64", shape: [to - from, columns], data: data.subarray(from * columns, to * columns) };
}

/** A rectangle of a matrix. */
export interface Rectangle {
  readonly rows: readonly [from: number, to: number];
  readonly columns: readonly [from: number, to: number];
}

/** A dense copy of a rectangle. */
export function copyOf({ data, shape }: Matrix, { rows, columns }: Rectangle): Matrix {
  const [width, stride] = [columns[1] - columns[0], shape[1]!];
  const copy = new Float64Array((rows[1] - rows[0]) * width);
  for (let row = rows[0]; row < rows[1]; row++) {
    const start = row * stride + columns[0];
    copy.set(data.subarray(start, start + width), (row - rows[0]) * width);
  }
  return { dtype: "float64", shape: [rows[1] - rows[0], width], data: copy };
}

/** Writes a dense matrix over a rectangle of a larger one, whose upper left corner is given. */
export function paste(small: Matrix, large: Matrix, { row, column }: { row: number; column: number }): void {
  const [height, width] = small.shape as [number, number];
  const stride = large.shape[1]!;
  for (let at = 0; at < height; at++) {
    large.data.set(small.data.subarray(at * width, (at + 1) * width), (row + at) * stride + column);
  }
}
