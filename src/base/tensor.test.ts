import { expect, test } from "vitest";
import { arrayTypes, type DType, isTensor, sizeOf, tensor, zeros } from "./tensor.ts";

test("tensor() keeps a typed array of its own kind and converts every other", () => {
  const kept = new Float32Array([1, 2]);

  expect(tensor([2], kept).data).toBe(kept);
  expect(tensor([2], [1, 2], "int64").data).toEqual(BigInt64Array.of(1n, 2n));
  expect(tensor([], [3]).data).toEqual(Float32Array.of(3));
});

test("tensor() refuses values that do not fill its shape", () => {
  expect(() => tensor([2, 3], [1, 2])).toThrow("Expected 6 values for shape [2, 3], got 2");
});

test("zeros() fills every number type's own array", () => {
  for (const dtype of Object.keys(arrayTypes) as DType[]) {
    const { data, shape } = zeros([2, 3], dtype);

    expect(data).toBeInstanceOf(arrayTypes[dtype]);
    expect([...data].every((value) => Number(value) === 0)).toBe(true);
    expect(data).toHaveLength(sizeOf(shape));
  }
  expect(zeros([]).dtype).toBe("float32");
});

test("isTensor() tells a tensor from what merely has some of its parts", () => {
  expect(isTensor(tensor([2], [1, 2]))).toBe(true);
  for (const other of [null, undefined, 3, [1, 2], { data: [1] }, { shape: [1], data: [1] }]) {
    expect(isTensor(other)).toBe(false);
  }
});
