/** Float64 arrays for plain loops: what an operator is compared with. */
import { sizeOf, stream, type Tensor, tensor } from "#base";

/** Numbers in row-major order. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** The number at a place; an axis of length one answers for every place along it, missing axes on the left too. */
  at(index: readonly number[]): number;
}

export function plain(shape: readonly number[], data: ArrayLike<number | bigint>): Plain {
  const numbers = Float64Array.from(Array.from(data, Number));
  return {
    shape,
    data: numbers,
    at(index) {
      const own = index.slice(index.length - shape.length);
      return numbers[shape.reduce((offset, size, axis) => offset * size + (size === 1 ? 0 : own[axis]!), 0)]!;
    },
  };
}

export const plainOf = ({ shape, data }: Tensor): Plain => plain(shape, data);

/** Every place of a shape, row by row. */
export function placesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, at) => [...place, at])),
    [[]],
  );
}

/** An array from a formula for each place. */
export const fill = (shape: readonly number[], formula: (place: number[]) => number): Plain =>
  plain(shape, placesOf(shape).map(formula));

/** Each number through a function. */
export const each = (x: Plain, formula: (value: number) => number): Plain =>
  plain(x.shape, Array.from(x.data, formula));

/** Σ over 0 … n − 1. */
export function total(n: number, term: (at: number) => number): number {
  let sum = 0;
  for (let at = 0; at < n; at++) sum += term(at);
  return sum;
}

export const dot = (a: Plain, b: Plain): number => total(a.data.length, (at) => a.data[at]! * b.data[at]!);

/** Normal numbers, scaled and moved; the same for the same name. */
export function normal(name: string, shape: readonly number[], { scale = 1, offset = 0 } = {}): Tensor<"float32"> {
  const random = stream(0, name);
  return tensor(
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.normal() * scale + offset),
  );
}

/** Numbers above `least`, for logarithms and roots. */
export function positive(name: string, shape: readonly number[], least = 0.5): Tensor<"float32"> {
  const { data } = normal(name, shape);
  return tensor(
    shape,
    Array.from(data, (value) => Math.abs(value) + least),
  );
}

/** The integers, as positions. */
export const integers = (shape: readonly number[], values: readonly number[]): Tensor<"int64"> =>
  tensor(shape, values, "int64");
