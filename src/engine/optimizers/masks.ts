/** Training a part of a tensor: the positions are gathered, stepped, and put back; nothing else is ever written. */
import { AssayError, type Tensor, zeros } from "#base";

/** True where values are trained. */
export type Mask = Tensor<"bool">;

/** A mask over a matrix that is true in one column alone. @throws AssayError MASK_INVALID */
export const columnMask = (shape: readonly number[], column: number): Mask =>
  lineMask(shape, { axis: 1, line: column });

/** A mask over a matrix that is true in one row alone. @throws AssayError MASK_INVALID */
export const rowMask = (shape: readonly number[], row: number): Mask => lineMask(shape, { axis: 0, line: row });

function lineMask(shape: readonly number[], { axis, line }: { axis: 0 | 1; line: number }): Mask {
  const [rows, columns] = shape;
  const lines = shape[axis];
  if (shape.length !== 2 || lines === undefined || !Number.isInteger(line) || line < 0 || line >= lines) {
    const expected = `Expected a matrix with a ${axis === 0 ? "row" : "column"} ${line}, got [${shape.join(", ")}]`;
    throw new AssayError("MASK_INVALID", `mask: ${expected}`);
  }
  const mask = zeros([rows!, columns!], "bool");
  for (let at = 0; at < mask.data.length; at++) {
    const place = axis === 0 ? Math.floor(at / columns!) : at % columns!;
    if (place === line) mask.data[at] = 1;
  }
  return mask;
}

/** Where a mask is true, ascending. @throws AssayError MASK_INVALID unless it has the weight's shape and a true value */
export function positionsOf(path: string, mask: Mask, weight: { readonly shape: readonly unknown[] }): Uint32Array {
  if (mask.dtype !== "bool" || mask.shape.join() !== weight.shape.join()) {
    const got = `${mask.dtype} [${mask.shape.join(", ")}]`;
    throw new AssayError("MASK_INVALID", `mask: Expected bool [${weight.shape.join(", ")}] for "${path}", got ${got}`);
  }
  const positions: number[] = [];
  for (const [at, isTrained] of mask.data.entries()) if (isTrained !== 0) positions.push(at);
  if (positions.length > 0) return Uint32Array.from(positions);
  const wayOut = "leave the tensor out by a group with frozen: true instead";
  throw new AssayError("MASK_INVALID", `mask: Expected a value to train in "${path}", got none; ${wayOut}`);
}

/** Copies the values at `positions` into a dense tensor. */
export function gather(from: Tensor, positions: Uint32Array, into: Tensor): void {
  const [source, target] = [from.data, into.data];
  for (let at = 0; at < positions.length; at++) target[at] = source[positions[at]!]!;
}

/** Puts dense values back to `positions`; every other value keeps its bits. */
export function scatter(from: Tensor, positions: Uint32Array, into: Tensor): void {
  const [source, target] = [from.data, into.data];
  for (let at = 0; at < positions.length; at++) target[positions[at]!] = source[at]!;
}
