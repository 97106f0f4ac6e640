import { expect, test } from "vitest";
import { assignment, pearson } from "#base";
import type { ConceptModel } from "./concept-model.ts";
import { type DrawOptions, drawImages } from "./concepts-double.ts";
import { sourceOfImages } from "./embedded-image.ts";
import { explainAll } from "./explain.ts";
import { type CovarianceKind, covarianceKinds } from "./features.ts";
import { fitConcepts } from "./fit.ts";
import type { ConceptMode } from "./modes.ts";

const plain = { projection: "none", alpha: 0.4, tolerance: 0 } as const;

/** Which found concept stands for each true one, by the distance of their means in the data's own units. */
function matched({ gaussians, projection }: ConceptModel, means: Float64Array): number[] {
  const { d } = gaussians;
  const costs = Array.from({ length: means.length / d }, (_, k) =>
    Float64Array.from({ length: gaussians.means.length / d }, (_, other) => {
      let total = 0;
      for (let i = 0; i < d; i++)
        total += (means[k * d + i]! - gaussians.means[other * d + i]! - projection.centre[i]!) ** 2;
      return total;
    }),
  );
  return assignment(costs);
}

const fallsIn = (model: ConceptModel): number[] =>
  model.trace.slice(1).flatMap(({ bound, changed }, at) => {
    const before = model.trace[at]!.bound;
    return !changed && bound < before - 1e-9 * Math.abs(before) ? [bound - before] : [];
  });

test("fitConcepts() recovers the concepts and mixtures that its data was drawn from", async () => {
  const { source, thetas, means } = drawImages({
    images: 300,
    patches: 64,
    concepts: 5,
    spread: 3,
    attention: "uneven",
  });

  const model = await fitConcepts(source, { ...plain, concepts: 5, epochs: 40, learnAlpha: "symmetric", seed: 1 });

  const found = await explainAll(model, source, { patches: false });
  const order = matched(model, means);
  const [truth, ours] = [
    thetas.flatMap((theta) => [...theta]),
    found.flatMap(({ theta }) => order.map((k) => theta[k]!)),
  ];
  expect(pearson(truth, ours)).toBeGreaterThan(0.95);
  expect(model.alpha[0]).toBeGreaterThan(0.25);
  expect(model.alpha[0]).toBeLessThan(0.6);
});

test.each(
  (["A", "B"] as ConceptMode[]).flatMap((mode) =>
    covarianceKinds.map((kind): [ConceptMode, CovarianceKind] => [mode, kind]),
  ),
)("the bound of mode %s with %s covariances never falls", async (mode, covariance) => {
  const { source } = drawImages({ images: 40, patches: 20, concepts: 6, spread: 1.5, attention: "uneven" });
  const settings = { ...plain, mode, covariance, concepts: 6, epochs: 25, learnAlpha: "each" } as const;

  const floor = await fitConcepts(source, settings);
  const prior = await fitConcepts(source, { ...settings, prior: { floor: 0, strength: 5 } });

  expect(fallsIn(floor)).toEqual([]);
  expect(fallsIn(prior)).toEqual([]);
  expect(floor.trace.at(-1)!.bound).toBeGreaterThan(floor.trace[0]!.bound);
});

test.each(["C", "D", "E"] as ConceptMode[])("mode %s ends with finite concepts", async (mode) => {
  const { source } = drawImages({ images: 30, patches: 16 });

  const model = await fitConcepts(source, { ...plain, mode, concepts: 4, epochs: 4 });

  expect(model.gaussians.means.every(Number.isFinite)).toBe(true);
  expect(model.trace.every(({ bound }) => Number.isFinite(bound))).toBe(true);
});

test("labels and pairs raise their own parts of the bound", async () => {
  const { source } = drawImages({ images: 40, patches: 12, concepts: 4, spread: 2 });
  const images = [...(source.images() as Iterable<never>)] as never[];
  const paired = images.map((image: { embeddings: Float64Array }) => ({
    ...(image as object),
    perturbed: { ...(image as object), embeddings: image.embeddings.map((value, at) => value + 0.1 * Math.sin(at)) },
  })) as never[];
  const settings = { ...plain, concepts: 4, epochs: 12 };

  const labelled = await fitConcepts(source, { ...settings, faithfulness: 12 });
  const stable = await fitConcepts(sourceOfImages(paired, source), { ...settings, stability: 4 });

  const [first, last] = [labelled.trace[0]!.parts.labels, labelled.trace.at(-1)!.parts.labels];
  expect(last).toBeGreaterThan(first);
  expect(labelled.eta.every((value) => Math.abs(value) <= 1)).toBe(true);
  expect(stable.beta.every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(Number.isFinite(stable.trace.at(-1)!.parts.pairs)).toBe(true);
});

test("fitConcepts() gives the same numbers for the same seed, and others for another", async () => {
  const draw: DrawOptions = { images: 20, patches: 16 };
  const settings = { ...plain, concepts: 4, epochs: 5 };

  const [one, two, other] = [
    await fitConcepts(drawImages(draw).source, settings),
    await fitConcepts(drawImages(draw).source, settings),
    await fitConcepts(drawImages(draw).source, { ...settings, seed: 9 }),
  ];

  expect(two.gaussians).toEqual(one.gaussians);
  expect(other!.gaussians.means).not.toEqual(one!.gaussians.means);
});

test("a dead concept keeps its place, or begins anew and says that bounds cannot be compared", async () => {
  const { source } = drawImages({ images: 30, patches: 16, concepts: 2, spread: 6 });
  const settings = { ...plain, concepts: 8, epochs: 16, deadBelow: 40, alpha: 0.05 };

  const [kept, reseeded] = [
    await fitConcepts(source, settings),
    await fitConcepts(source, { ...settings, dead: "reseed" }),
  ];

  expect(kept.trace.every(({ changed }) => !changed)).toBe(true);
  expect(reseeded.trace.some(({ changed }) => changed)).toBe(true);
  expect(reseeded.trace.slice(9).every(({ changed }) => !changed)).toBe(true);
});
