import { expect, test } from "vitest";
import { stream } from "#base";
import { type EmbeddedImage, sourceOfImages } from "./embedded-image.ts";
import { leadingDirections } from "./leading-directions.ts";
import { patchMoments, projectImages, projectionOf, projectRows } from "./projection.ts";

/** Images of correlated numbers far from zero. */
function imagesOf(width: number, count = 6): EmbeddedImage[] {
  const random = stream(1, "projection");
  return Array.from({ length: count }, (_, at) => {
    const shared = Array.from({ length: 40 }, () => random.normal());
    const embeddings = Float64Array.from(
      { length: 40 * width },
      (_, i) => 1000 + (1 + (i % width)) * shared[Math.floor(i / width)]! + random.normal(),
    );
    return { id: String(at), embeddings, attention: new Float64Array(40).fill(1) };
  });
}

const sourceOf = (width: number) => sourceOfImages(imagesOf(width), { name: "x", width, classes: 0, model: "m" });
const random = stream(0, "projection/random");

test("patchMoments() is the mean and covariance, though numbers lie far from zero", async () => {
  const { mean, covariance, patches } = await patchMoments(sourceOf(2));

  const rows = imagesOf(2).flatMap(({ embeddings }) =>
    Array.from({ length: 40 }, (_, j) => [embeddings[2 * j]!, embeddings[2 * j + 1]!]),
  );
  const centre = [0, 1].map((i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length);
  const expected = rows.reduce((sum, row) => sum + (row[0]! - centre[0]!) * (row[1]! - centre[1]!), 0) / rows.length;
  expect(patches).toBe(240);
  for (const i of [0, 1]) expect(mean[i]).toBeCloseTo(centre[i]!, 9);
  expect(covariance[1]).toBeCloseTo(expected, 8);
});

test.each([3, 70])("whitened patches of width %d have mean zero and the identity as covariance", async (width) => {
  const projection = projectionOf(await patchMoments(sourceOf(width)), { kind: "whiten", d: 3, random });

  const rows = await projectImages(
    imagesOf(width).map(({ embeddings }) => embeddings),
    projection,
  );

  for (let i = 0; i < 3; i++) {
    for (let j = 0; j <= i; j++) {
      let [product, sum] = [0, 0];
      for (let at = 0; at < 240; at++) {
        product += rows[at * 3 + i]! * rows[at * 3 + j]!;
        sum += rows[at * 3 + i]!;
      }
      expect(product / 240).toBeCloseTo(i === j ? 1 : 0, 6);
      expect(sum / 240).toBeCloseTo(0, 6);
    }
  }
});

test("projectImages() is projectRows() whatever the width", async () => {
  const projection = projectionOf(await patchMoments(sourceOf(70)), { kind: "pca", d: 4, random });
  const [first] = imagesOf(70);

  const rows = await projectImages([first!.embeddings], projection);

  const expected = new Float64Array(160);
  projectRows(first!.embeddings, projection, expected);
  for (const [at, value] of rows.entries()) expect(value).toBeCloseTo(expected[at]!, 6);
});

test("projectionOf() scales, centres or draws, and refuses more dimensions than there are", async () => {
  const moments = await patchMoments(sourceOf(2));

  expect(projectionOf(moments, { kind: "none", d: 9, random }).scale).toEqual(Float64Array.from([1, 1]));
  expect(projectionOf(moments, { kind: "z-score", d: 9, random }).scale![0]).toBeCloseTo(
    1 / Math.sqrt(moments.covariance[0]!),
    9,
  );
  expect(Math.max(...projectionOf(moments, { kind: "random", d: 2, random }).map!.map(Math.abs))).toBeLessThanOrEqual(
    1 / Math.SQRT2,
  );
  expect(() => projectionOf(moments, { kind: "pca", d: 3, random })).toThrow(
    "Expected 1 to 2 dimensions for embeddings of 2, got 3",
  );
});

test("leadingDirections() finds the largest eigenvalues of a matrix that is too large for the rest", () => {
  const n = 40;
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1 / (i + 1);

  const { values, vectors } = leadingDirections(matrix, { n, count: 3, random: stream(2, "leading") });

  for (const k of [0, 1, 2]) {
    expect(values[k]).toBeCloseTo(1 / (k + 1), 9);
    expect(Math.abs(vectors[k * 3 + k]!)).toBeCloseTo(1, 7);
  }
});
