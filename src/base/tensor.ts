import { AssayError } from "./errors.ts";

/** The number types that the lab computes with. Narrower ones exist in files only and are widened on load. */
export type DType = "float32" | "float64" | "int32" | "int64" | "bool";

/** The typed array that holds each number type; booleans are bytes, 0 or 1. */
export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  bool: Uint8Array;
}

/** Numbers on the host: row-major, contiguous. `data` may be a view into a larger buffer. */
export interface Tensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: ArrayOf[D];
}

/** The constructor of each number type's typed array. */
export const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const satisfies { readonly [D in DType]: new (length: number) => ArrayOf[D] };

/** How many values a shape holds; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, 1);
}

/**
 * A tensor of `shape` from numbers; without `dtype` they become float32. A typed array of the right kind is kept, not copied.
 *
 * @throws AssayError SHAPE_MISMATCH when the shape holds another number of values
 * @example tensor([2, 2], [1, 2, 3, 4])
 */
export function tensor(shape: readonly number[], values: ArrayLike<number | bigint>): Tensor<"float32">;
export function tensor<D extends DType>(
  shape: readonly number[],
  values: ArrayLike<number | bigint>,
  dtype: D,
): Tensor<D>;
export function tensor(shape: readonly number[], values: ArrayLike<number | bigint>, dtype: DType = "float32"): Tensor {
  if (values.length !== sizeOf(shape)) {
    const expected = `Expected ${sizeOf(shape)} values for shape [${shape.join(", ")}], got ${values.length}`;
    throw new AssayError("SHAPE_MISMATCH", `tensor: ${expected}`);
  }
  return { dtype, shape, data: toArray(values, dtype) };
}

function toArray(values: ArrayLike<number | bigint>, dtype: DType): ArrayOf[DType] {
  if (values instanceof arrayTypes[dtype]) return values;
  if (dtype === "int64") return BigInt64Array.from(Array.from(values, BigInt));
  return arrayTypes[dtype].from(Array.from(values, Number));
}

/** A tensor of zeros. */
export function zeros<D extends DType = "float32">(shape: readonly number[], dtype?: D): Tensor<D> {
  const kind = dtype ?? ("float32" as D);
  return { dtype: kind, shape, data: new arrayTypes[kind](sizeOf(shape)) as ArrayOf[D] };
}

/** Whether something is a host tensor rather than a branch of a tree. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "dtype" in value && "shape" in value && "data" in value;
}
