/** Adding changes to a matrix, in one order of float64 sums, so that every machine writes the same bits. */
import { AssayError, type Tensor } from "#base";
import { roundToBfloat16 } from "../unlearning/bfloat16.ts";
import type { PatchUpdate } from "./patch.ts";

/** Number types that an edited matrix is stored in. */
export type EditStorage = "F32" | "F16" | "BF16";

/**
 * W with changes added and rounded to what the folder stores.
 *
 *     W' = round(W + Σ_p A_p B_p)
 *
 * The sum is kept in float64 until the one rounding at the end: the order of the changes shows in no bit but by their
 * own order, and the caller sorts them.
 *
 * @throws AssayError SHAPE_MISMATCH, VALUE_OVERFLOW
 */
export function withUpdates(
  weight: Tensor<"float32">,
  updates: readonly PatchUpdate[],
  storage: EditStorage,
): Tensor<"float32"> {
  for (const update of updates) expectShape(weight, update);
  const [rows, columns] = weight.shape as [number, number];
  const data = new Float32Array(weight.data.length);
  const line = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    for (let column = 0; column < columns; column++) line[column] = weight.data[from + column]!;
    for (const update of updates) addRow(line, update, row);
    for (let column = 0; column < columns; column++) data[from + column] = line[column]!;
  }
  return { dtype: "float32", shape: weight.shape, data: rounded(data, storage) };
}

function addRow(line: Float64Array, update: PatchUpdate, row: number): void {
  const columns = line.length;
  if (update.kind === "dense") {
    for (let column = 0; column < columns; column++) line[column]! += update.delta.data[row * columns + column]!;
    return;
  }
  const rank = update.down.shape[1]!;
  const { data: up } = update.up;
  for (let at = 0; at < rank; at++) {
    const factor = update.down.data[row * rank + at]!;
    const from = at * columns;
    for (let column = 0; column < columns; column++) line[column]! += factor * up[from + column]!;
  }
}

/** To the nearest number that the storage type has; the array is changed in place. */
function rounded(data: Float32Array<ArrayBuffer>, storage: EditStorage): Float32Array<ArrayBuffer> {
  if (storage === "F16") {
    const narrow = new Float16Array(data);
    for (let at = 0; at < data.length; at++) data[at] = narrow[at]!;
  }
  if (storage === "BF16") roundToBfloat16({ data });
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return data;
  const claim = `Expected finite weights that fit ${storage}, got ${data[wrong]} at ${wrong}; the edit is too large`;
  throw new AssayError("VALUE_OVERFLOW", `editing: ${claim}`);
}

function expectShape({ shape }: Tensor, update: PatchUpdate): void {
  const [rows, columns] = shape;
  const own = update.kind === "dense" ? update.delta.shape : [update.down.shape[0]!, update.up.shape[1]!];
  if (own[0] === rows && own[1] === columns) return;
  const claim = `Expected a change of [${rows}, ${columns}] for "${update.path}", got [${own.join(", ")}]`;
  throw new AssayError("SHAPE_MISMATCH", `editing: ${claim}; the patch is for another model`);
}

/** ‖ΔW‖_F of a change. @throws nothing */
export function updateNorm(update: PatchUpdate): number {
  let squares = 0;
  if (update.kind === "dense") {
    for (const value of update.delta.data) squares += value ** 2;
    return Math.sqrt(squares);
  }
  // ‖A B‖² = tr((AᵀA)(BBᵀ))
  const rank = update.down.shape[1]!;
  for (let a = 0; a < rank; a++) {
    for (let b = 0; b < rank; b++) squares += columnDot(update.down, a, b) * rowDot(update.up, a, b);
  }
  return Math.sqrt(Math.max(0, squares));
}

function columnDot({ data, shape }: Tensor<"float32">, a: number, b: number): number {
  const [rows, columns] = shape as [number, number];
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += data[row * columns + a]! * data[row * columns + b]!;
  return sum;
}

function rowDot({ data, shape }: Tensor<"float32">, a: number, b: number): number {
  const size = shape[1]!;
  let sum = 0;
  for (let at = 0; at < size; at++) sum += data[a * size + at]! * data[b * size + at]!;
  return sum;
}
