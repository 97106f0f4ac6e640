import { expect, test } from "vitest";
import { tensor } from "#base";
import { firstNonFinite } from "./non-finite.ts";

test("firstNonFinite() finds the first NaN or infinity, wherever it lies", () => {
  for (const at of [0, 8191, 8192, 20_000]) {
    const values = new Float32Array(20_001).fill(3e38);
    values[at] = Number.NEGATIVE_INFINITY;
    values[20_000] = Number.NaN;

    expect(firstNonFinite(tensor([20_001], values))?.index).toBe(at);
  }
});

test("firstNonFinite() finds nothing among finite values and integers", () => {
  expect(firstNonFinite(tensor([3], [-0, 3e38, -3e38]))).toBeUndefined();
  expect(firstNonFinite(tensor([1], [1n], "int64"))).toBeUndefined();
  expect(firstNonFinite(tensor([0], []))).toBeUndefined();
});
