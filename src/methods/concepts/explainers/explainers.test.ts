import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stream, tensor } from "#base";
import { refineCentres } from "../clusters.ts";
import { drawImages } from "../concepts-double.ts";
import { type EmbeddedImage, sourceOfImages } from "../embedded-image.ts";
import type { Explainer, ImageExplanation } from "../explanation.ts";
import type { CovarianceKind } from "../features.ts";
import { patchMoments, projectionOf, projectRows } from "../projection.ts";
import { classFactorizationExplainer } from "./class-factorization.ts";
import { factorizationExplainer, factorize } from "./factorization.ts";
import { kMeansExplainer } from "./k-means.ts";
import { componentsExplainer, meanEmbeddingExplainer } from "./linear.ts";
import { mixtureExplainer, runMixture } from "./mixture.ts";
import { paceExplainer } from "./pace.ts";
import { expectedWords, imageTopics, learnTopics, topicsExplainer } from "./topics.ts";

const folder = join(import.meta.dirname, "../../../../test/golden/methods");
const golden = JSON.parse(readFileSync(join(folder, "concepts.golden.json"), "utf8"));
const flat = (rows: readonly (readonly number[])[]): Float64Array => Float64Array.from(rows.flat(3));

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9): void {
  expect(found.length).toBe(expected.length);
  const worst = Array.from(found).reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
  expect(worst).toBeLessThan(tolerance);
}

describe("against scikit-learn", () => {
  const rows = flat(golden.rows);
  const image = { id: "all", embeddings: rows, attention: new Float64Array(60).fill(1) };
  const source = sourceOfImages([image], { name: "golden", width: 3, classes: 0, model: "golden" });

  test.each(
    golden.mixtures as {
      kind: CovarianceKind;
      start: number[][];
      means: number[][];
      covariances: number[][];
      weights: number[];
      epochs: number;
      score: number;
    }[],
  )(
    "runMixture() is GaussianMixture with $kind covariances",
    async ({ kind, start, means, covariances, weights, epochs, score }) => {
      const ones = Float64Array.from([0, 1, 2].flatMap(() => [1, 0, 0, 0, 1, 0, 0, 0, 1]));
      const projection = {
        kind: "none",
        width: 3,
        d: 3,
        centre: new Float64Array(3),
        scale: new Float64Array(3).fill(1),
        kept: 1,
      } as const;
      const run = { projection, weights: { kind: "uniform", scale: "patches" }, floor: 0, variance: 1 } as const;
      const begin = { kind, d: 3, means: flat(start), covariances: ones };

      const found = await runMixture(source, { ...run, start: begin, epochs });
      const { trace } = await runMixture(source, { ...run, start: begin, epochs: epochs + 1 });

      expectClose(found.gaussians.means, flat(means), 1e-8);
      expectClose(found.gaussians.covariances, flat(covariances as never), 1e-8);
      expectClose(found.shares, weights, 1e-9);
      expect(trace.at(-1)).toBeCloseTo(score, 8);
    },
  );

  test("factorize() is NMF by multiplicative updates", () => {
    const { values, amounts, parts, rounds, found } = golden.factorization;

    const ours = factorize(
      { values: flat(values), width: 3, concepts: 2, rounds },
      { amounts: flat(amounts), parts: flat(parts) },
    );

    expectClose(ours.amounts, flat(found.amounts), 1e-8);
    expectClose(ours.parts, flat(found.parts), 1e-8);
  });

  test("learnTopics() and imageTopics() are batch LatentDirichletAllocation", () => {
    const { counts, start, alpha, beta, epochs, lambda, gamma } = golden.topics;
    const documents = (counts as number[][]).map((row) => Float64Array.from(row));

    const topics = learnTopics(documents, { lambda: flat(start), words: 8, alpha, beta }, epochs);

    // scikit-learn's own digamma is a short series: it agrees with ours to some 1e-8.
    expectClose(topics.lambda, flat(lambda), 1e-6);
    const found = documents.flatMap((one) => [...imageTopics(one, topics, expectedWords(topics)).gamma]);
    expectClose(found, flat(gamma), 1e-6);
  });

  test("refineCentres() is KMeans from the same centres", () => {
    const { start, centres, inertia } = golden.clusters;

    const found = refineCentres({ rows, weights: new Float64Array(60).fill(1), d: 3 }, flat(start), 300);

    expectClose(found.centres, flat(centres));
    expect(found.inertia).toBeCloseTo(inertia, 8);
  });

  test("projectionOf() is PCA, but for the signs of its directions", async () => {
    const projection = projectionOf(await patchMoments(source), { kind: "pca", d: 2, random: stream(0, "unused") });

    const found = new Float64Array(120);
    projectRows(rows, projection, found);

    expectClose(found.map(Math.abs), flat(golden.components.magnitudes));
    expect(projection.kept).toBeCloseTo(golden.components.kept, 10);
  });
});

const all: readonly Explainer[] = [
  paceExplainer({ concepts: 4, epochs: 10, projection: "none", alpha: 0.3 }, { theta: "mean" }),
  kMeansExplainer({ concepts: 4, projection: "none" }),
  mixtureExplainer({ concepts: 4, projection: "none" }),
  topicsExplainer({ concepts: 4, words: 20, projection: "none" }),
  factorizationExplainer({ concepts: 4 }),
  classFactorizationExplainer({ concepts: 8 }),
  componentsExplainer({ concepts: 2 }),
  meanEmbeddingExplainer(),
];

async function explanations(explainer: Explainer, model = "double"): Promise<ImageExplanation[]> {
  const { source } = drawImages({ images: 20, patches: 9 });
  const fitted = await explainer.fit(source);
  const found: ImageExplanation[] = [];
  for await (const one of fitted.explain({ ...source, model })) found.push(one);
  expect(fitted.size).toBe(found[0]!.theta.length);
  return found;
}

test.each(all.map((explainer): [string, Explainer] => [explainer.name, explainer]))(
  "%s explains every image, the same way each time, and no other model's",
  async (_, explainer) => {
    const [one, two] = [await explanations(explainer), await explanations(explainer)];

    expect(one.length).toBe(20);
    expect(two).toEqual(one);
    expect(one.every(({ theta }) => theta.every(Number.isFinite))).toBe(true);
    await expect(explanations(explainer, "another")).rejects.toThrow(
      'Expected embeddings of model "double", got "another"',
    );
  },
);

test.each(["PACE", "k-means", "GMM", "LDA"])("%s finds the concepts that the images were drawn from", async (name) => {
  const { source, labels } = drawImages({ images: 40, patches: 16, spread: 6 });
  const fitted = await all.find((one) => one.name === name)!.fit(source);

  let [right, total] = [0, 0];
  const votes = new Map<number, Map<number, number>>();
  const pairs: [number, number][] = [];
  let at = 0;
  for await (const { patches } of fitted.explain(source)) {
    const truth = labels[at++]!;
    for (const [j, label] of truth.entries()) {
      const row = patches!.subarray(j * 4, (j + 1) * 4);
      const found = row.indexOf(Math.max(...row));
      pairs.push([found, label]);
      const own = votes.get(found) ?? new Map<number, number>();
      votes.set(found, own.set(label, (own.get(label) ?? 0) + 1));
    }
  }
  const names = new Map([...votes].map(([found, own]) => [found, [...own].sort((a, b) => b[1] - a[1])[0]![0]]));
  for (const [found, label] of pairs) {
    total++;
    if (names.get(found) === label) right++;
  }

  expect(right / total).toBeGreaterThan(0.9);
});

test("the mean embedding is the attention's mean, by hand", async () => {
  const image = { id: "x", embeddings: Float64Array.from([1, 10, 3, 30]), attention: Float64Array.from([3, 1]) };
  const source = sourceOfImages([image], { name: "hand", width: 2, classes: 0, model: "m" });

  const fitted = await meanEmbeddingExplainer().fit(source);

  for await (const { theta } of fitted.explain(source)) expect([...theta]).toEqual([1.5, 15]);
  expect(tensor([1], [1]).shape).toEqual([1]);
});

test("CRAFT learns each class's parts from its images alone, by hand", async () => {
  // Around the mean (0, 0), class 0 lies along the first direction and class 2 along the second; class 1 has no image.
  const image = (id: string, label: number, rows: number[]) => ({
    id,
    label,
    embeddings: Float64Array.from(rows),
    attention: Float64Array.from([1, 1]),
  });
  const images = [image("a", 0, [4, 0, -4, 0]), image("b", 2, [0, 2, 0, -2])];
  const about = { name: "hand", width: 2, classes: 3, model: "m" };
  const fitted = await classFactorizationExplainer({ concepts: 4, dimensions: 2, rounds: 400 }).fit(
    sourceOfImages(images, about),
  );

  const thetas: number[][] = [];
  for await (const { theta } of fitted.explain(sourceOfImages(images, about))) thetas.push([...theta]);

  // Two banks of two parts, that of class 0 first: an image has nothing of the other class's parts.
  expect(fitted.size).toBe(4);
  const share = (theta: number[], from: number) => theta[from]! + theta[from + 1]!;
  expect(share(thetas[0]!, 0)).toBeGreaterThan(0.1);
  expect(share(thetas[0]!, 2)).toBeLessThan(1e-6);
  expect(share(thetas[1]!, 0)).toBeLessThan(1e-6);
  expect(share(thetas[1]!, 2)).toBeGreaterThan(0.1);
});

test("CRAFT asks for the model's answers", async () => {
  const { source } = drawImages({ images: 4, patches: 4 });
  const images = [...(source.images() as Iterable<EmbeddedImage>)].map(({ label: _, ...image }) => image);
  const fitted = classFactorizationExplainer({ concepts: 4 }).fit(sourceOfImages(images, { ...source, name: "quiet" }));

  await expect(fitted).rejects.toThrow("Expected the model's answer for every image of quiet, got none for image 0");
});
