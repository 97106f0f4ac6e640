import fc from "fast-check";
import { expect, test } from "vitest";
import { stream, tensor } from "#base";
import { blockSize, cholesky } from "./cholesky.ts";
import { inverseNorm, oneNorm } from "./condition.ts";
import { type Matrix, toFloat64 } from "./matrix.ts";
import { product } from "./product.ts";
import { leastSquares, solvePositiveDefinite } from "./solve.ts";
import { eigenSymmetric, singularDecomposition } from "./spectral.ts";
import { solveTriangular } from "./triangular.ts";

const matrix = (shape: readonly number[], values: ArrayLike<number>): Matrix => tensor(shape, values, "float64");

function random(seed: number, rows: number, columns: number): Matrix {
  const draw = stream(seed, "algebra");
  return matrix(
    [rows, columns],
    Float64Array.from({ length: rows * columns }, () => draw.normal()),
  );
}

/** XᵀX + n I / 10: positive definite, condition in the tens. */
async function positive(seed: number, n: number): Promise<Matrix> {
  const root = random(seed, n, n);
  const gram = await product(root, root, { transposeA: true });
  for (let at = 0; at < n; at++) gram.data[at * n + at]! += n / 10;
  return gram;
}

function largestDifference(a: Matrix, b: Matrix): number {
  expect(a.shape).toEqual(b.shape);
  return a.data.reduce((worst, value, at) => Math.max(worst, Math.abs(value - b.data[at]!)), 0);
}

const largest = ({ data }: Matrix): number => data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

test("product() multiplies with each factor transposed or not", async () => {
  const a = matrix([2, 3], [1, 2, 3, 4, 5, 6]);
  const b = matrix([3, 2], [1, 0, 0, 1, 1, 1]);

  const found = await Promise.all([
    product(a, b),
    product(b, a, { transposeA: true, transposeB: true }),
    product(a, a, { transposeB: true }),
    product(b, b, { transposeA: true }),
  ]);

  expect(found.map(({ data }) => [...data])).toEqual([
    [4, 5, 10, 11],
    [4, 10, 5, 11],
    [14, 32, 32, 77],
    [2, 1, 1, 2],
  ]);
  await expect(product(a, a)).rejects.toThrowError("Expected matrices that fit together, got [2, 3] and [2, 3]");
});

test("cholesky() factors a matrix by hand", async () => {
  const lower = await cholesky(matrix([3, 3], [4, 12, -16, 12, 37, -43, -16, -43, 98]));

  expect([...lower.data]).toEqual([2, 0, 0, 6, 1, 0, -8, 5, 3]);
});

test("cholesky() gives A = L Lᵀ for sides around the size of a block", async () => {
  for (const n of [1, blockSize - 1, blockSize, blockSize + 1, 2 * blockSize + 7]) {
    const a = await positive(n, n);

    const lower = await cholesky(a);
    const again = await product(lower, lower, { transposeB: true });

    expect(largestDifference(again, a)).toBeLessThan(1e-13 * largest(a) * Math.sqrt(n));
    expect(lower.data.every((value, at) => at % n <= Math.floor(at / n) || value === 0)).toBe(true);
  }
});

test("cholesky() keeps a small residual where the matrix is nearly singular", async () => {
  const n = blockSize + 40;
  const root = random(7, 20, n);
  const a = await product(root, root, { transposeA: true });

  const lower = await cholesky(a, { ridge: 1e-8 });
  const again = await product(lower, lower, { transposeB: true });

  expect(largestDifference(again, a)).toBeLessThan(1e-7);
});

test.each([
  ["NOT_POSITIVE_DEFINITE", [1, 2, 2, 1], /got pivot -3\.00 in row 1 with ridge 0; add a ridge, for example 6\.0/],
  ["NOT_SYMMETRIC", [1, 2, 3, 1], /a difference of 1\.00 between \[1, 0\] and \[0, 1\]/],
  ["NOT_FINITE", [1, Number.NaN, Number.NaN, 1], /got NaN at \[0, 1\]/],
])("cholesky() refuses: %s", async (code, values, message) => {
  const factored = cholesky(matrix([2, 2], values));

  await expect(factored).rejects.toMatchObject({ code });
  await expect(factored).rejects.toThrowError(message);
});

test("cholesky() takes the ridge that it suggests", async () => {
  const indefinite = matrix([2, 2], [1, 2, 2, 1]);

  const lower = await cholesky(indefinite, { ridge: 6 });

  expect(lower.data[0]).toBe(Math.sqrt(7));
});

test("cholesky() refuses what is no square float64 matrix", async () => {
  await expect(cholesky(matrix([1, 2], [1, 2]))).rejects.toThrowError("Expected a square matrix, got [1, 2]");
  await expect(cholesky(tensor([1, 1], [1]) as never)).rejects.toThrowError(
    "Expected a float64 matrix, got float32 [1, 1]; convert it with toFloat64()",
  );
});

test("solveTriangular() leaves no residual in either direction", async () => {
  const n = 2 * blockSize + 11;
  const lower = await cholesky(await positive(3, n));
  const right = random(4, n, 5);

  const forward = await solveTriangular(lower, right);
  const backward = await solveTriangular(lower, right, { transpose: true });

  const scale = largest(lower) * Math.max(largest(forward), largest(backward)) * n;
  expect(largestDifference(await product(lower, forward), right)).toBeLessThan(1e-15 * scale);
  expect(largestDifference(await product(lower, backward, { transposeA: true }), right)).toBeLessThan(1e-15 * scale);
});

test("solveTriangular() names the row that makes the matrix singular", async () => {
  const solved = solveTriangular(matrix([2, 2], [1, 0, 1, 0]), matrix([2, 1], [1, 1]));

  await expect(solved).rejects.toThrowError("Expected a diagonal without zeros, got 0 in row 1");
});

test("solvePositiveDefinite() solves any system with a small residual", async () => {
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(), async (n, seed) => {
    const a = await positive(seed, n);
    const right = random(seed + 1, n, 3);

    const { solution } = await solvePositiveDefinite(a, right);

    expect(largestDifference(await product(a, solution), right)).toBeLessThan(
      1e-13 * n * largest(a) * largest(solution),
    );
  });

  await fc.assert(property, { numRuns: 25 });
});

test("solvePositiveDefinite() reports a condition near the true one, and never above it by much", async () => {
  const a = matrix([3, 3], [1e6, 0, 0, 0, 1, 0, 0, 0, 1e-3]);

  const { condition } = await solvePositiveDefinite(a, matrix([3, 1], [1, 1, 1]));

  expect(condition / 1e9).toBeCloseTo(1, 9);
  expect(oneNorm(matrix([2, 2], [1, -5, 2, 3]))).toBe(8);
  expect(inverseNorm(matrix([1, 1], [0.5]))).toBeCloseTo(4, 12);
});

test("leastSquares() finds the map that made the targets, and shrinks it with a ridge", async () => {
  const inputs = random(5, 60, 4);
  const map = random(6, 4, 2);
  const targets = await product(inputs, map);

  const exact = await leastSquares(inputs, targets);
  const shrunk = await leastSquares(inputs, targets, { ridge: 1e6 });

  expect(largestDifference(exact.solution, map)).toBeLessThan(1e-12);
  expect(largest(shrunk.solution)).toBeLessThan(1e-3);
  await expect(leastSquares(inputs, random(1, 59, 2))).rejects.toThrowError("got [60, 4] and [59, 2]");
});

test("leastSquares() says that dependent columns need a ridge", async () => {
  const inputs = matrix([3, 2], [1, 2, 2, 4, 3, 6]);

  await expect(leastSquares(inputs, matrix([3, 1], [1, 2, 3]))).rejects.toMatchObject({
    code: "NOT_POSITIVE_DEFINITE",
  });
});

test("eigenSymmetric() gives A = V diag(λ) Vᵀ with ascending values", async () => {
  const a = await positive(8, 30);

  const { values, vectors, condition } = eigenSymmetric(a);

  const scaled = matrix(
    vectors.shape,
    vectors.data.map((value, at) => value * values.data[at % 30]!),
  );
  expect(largestDifference(await product(scaled, vectors, { transposeB: true }), a)).toBeLessThan(1e-11);
  expect([...values.data]).toEqual([...values.data].sort((x, y) => x - y));
  expect(condition).toBeCloseTo(values.data[29]! / values.data[0]!, 9);
});

test.each([
  [7, 4],
  [4, 7],
])("singularDecomposition() gives A = U diag(σ) Vᵀ for [%i, %i]", async (rows, columns) => {
  const a = random(9, rows, columns);

  const { left, values, right } = singularDecomposition(a);

  const scaled = matrix(
    left.shape,
    left.data.map((value, at) => value * values.data[at % 4]!),
  );
  expect([left.shape, values.shape, right.shape]).toEqual([[rows, 4], [4], [columns, 4]]);
  expect(largestDifference(await product(scaled, right, { transposeB: true }), a)).toBeLessThan(1e-12);
});

test("eigenSymmetric() and singularDecomposition() refuse sides beyond 512", () => {
  const wide = matrix([1, 513], new Float64Array(513));

  expect(() => singularDecomposition(wide)).toThrowError("Expected sides of at most 512, got [1, 513]");
  expect(() => eigenSymmetric(matrix([513, 513], new Float64Array(513 * 513)))).toThrowError(/at most 512/);
});

test("toFloat64() widens exactly", () => {
  expect([...toFloat64(tensor([2], [0.1, -0])).data]).toEqual([Math.fround(0.1), -0]);
});
