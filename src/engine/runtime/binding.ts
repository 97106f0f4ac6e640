/** Checks what a program is given before ONNX Runtime sees it, and says by name what is wrong. */
import { AssayError, isTensor, sizeOf, suggestion, type Tensor } from "#base";
import { type Dim, evaluateDim, linearDim, type Shape, showShape } from "../graph/dims.ts";
import { leavesOf, showType } from "../graph/tree.ts";
import type { TensorType } from "../graph/value.ts";

/** What a symbol stands for in one run, and which input said so. */
export type Symbols = ReadonlyMap<string, number>;

/**
 * The tensors of `given` by path, after comparing each with the signature.
 *
 * @throws AssayError INPUT_MISSING, INPUT_UNKNOWN, DTYPE_MISMATCH, SHAPE_MISMATCH, SYMBOL_CONFLICT
 */
export function bindInputs(
  signature: ReadonlyMap<string, TensorType>,
  given: unknown,
): { tensors: Map<string, Tensor>; symbols: Symbols } {
  const tensors = leavesOf<Tensor>(given);
  for (const path of tensors.keys()) if (!signature.has(path)) throw unknownInput(path, signature);
  const symbols = new Map<string, number>();
  for (const [path, type] of signature) {
    const tensor = tensors.get(path);
    if (tensor === undefined) throw missingInput(path, type, tensors);
    expectType(path, type, tensor);
    bindSymbols(path, type.shape, { tensor, symbols });
  }
  expectPolynomials(signature, tensors, symbols);
  return { tensors, symbols };
}

function unknownInput(path: string, signature: ReadonlyMap<string, TensorType>): AssayError {
  const known = [...signature.keys()].filter((name) => name.split(".")[0] === path.split(".")[0]);
  const hint = suggestion(path, known.length > 0 && known.length <= 12 ? known : shortList(signature.keys()));
  return new AssayError("INPUT_UNKNOWN", `run: Expected no tensor at "${path}", got one${hint}`);
}

function missingInput(path: string, type: TensorType, given: ReadonlyMap<string, Tensor>): AssayError {
  const hint = suggestion(path, shortList(given.keys()));
  return new AssayError("INPUT_MISSING", `run: Expected ${showType(type)} at "${path}", got nothing${hint}`);
}

function shortList(names: Iterable<string>): string[] {
  const all = [...names];
  return all.length <= 40 ? all : all.slice(0, 40);
}

function expectType(path: string, type: TensorType, tensor: Tensor): void {
  if (!isTensor(tensor)) {
    throw new AssayError("INPUT_MISSING", `run: Expected a tensor at "${path}", got something without data`);
  }
  if (tensor.dtype !== type.dtype) {
    const message = `run: Expected ${showType(type)} at "${path}", got ${showType(tensor)}; convert it first`;
    throw new AssayError("DTYPE_MISMATCH", message);
  }
  if (tensor.data.length !== sizeOf(tensor.shape)) {
    const sizes = `${tensor.data.length} values for shape ${showShape(tensor.shape)}`;
    throw new AssayError(
      "SHAPE_MISMATCH",
      `run: Expected as many values as the shape holds at "${path}", got ${sizes}`,
    );
  }
}

function bindSymbols(path: string, shape: Shape, { tensor, symbols }: Binding): void {
  const matches = shape.length === tensor.shape.length;
  if (!matches || shape.some((dim, axis) => typeof dim === "number" && dim !== tensor.shape[axis])) {
    throw new AssayError(
      "SHAPE_MISMATCH",
      `run: Expected ${showShape(shape)} at "${path}", got ${showShape(tensor.shape)}`,
    );
  }
  for (const [axis, dim] of shape.entries()) {
    const line = linearDim(dim);
    if (line === undefined) continue;
    const size = (tensor.shape[axis]! - line.offset) / line.coefficient;
    if (!Number.isInteger(size) || size < 0) throw noLength(path, { dim, symbol: line.symbol, shape: tensor.shape });
    const bound = symbols.get(line.symbol) ?? size;
    if (bound !== size) throw conflict(path, { dim: line.symbol, size, bound, shape });
    symbols.set(line.symbol, size);
  }
}

interface Binding {
  readonly tensor: Tensor;
  readonly symbols: Map<string, number>;
}

function noLength(path: string, { dim, symbol, shape }: { dim: Dim; symbol: string; shape: Shape }): AssayError {
  const message = `run: Expected a length of ${dim} for a whole ${symbol} of zero or more at "${path}", got ${showShape(shape)}`;
  return new AssayError("SHAPE_MISMATCH", message);
}

function conflict(
  path: string,
  { dim, size, bound, shape }: { dim: string; size: number; bound: number; shape: Shape },
): AssayError {
  const message = `run: Expected ${dim} = ${bound} everywhere, got ${dim} = ${size} at "${path}" ${showShape(shape)}`;
  return new AssayError("SYMBOL_CONFLICT", message);
}

/** Lengths such as "P+T" are compared once every symbol is known. */
function expectPolynomials(
  signature: ReadonlyMap<string, TensorType>,
  tensors: ReadonlyMap<string, Tensor>,
  symbols: Symbols,
): void {
  for (const [path, { shape }] of signature) {
    const actual = tensors.get(path)!.shape;
    const expected = shape.map((dim) => evaluateDim(dim, symbols));
    if (expected.every((dim, axis) => dim === actual[axis])) continue;
    const message = `run: Expected ${showShape(shape)} = ${showShape(expected)} at "${path}", got ${showShape(actual)}`;
    throw new AssayError("SHAPE_MISMATCH", message);
  }
}
