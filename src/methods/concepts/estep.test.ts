import fc from "fast-check";
import { expect, test } from "vitest";
import { digamma, stream } from "#base";
import type { Batch } from "./batch.ts";
import { EStep } from "./estep.ts";
import { featureCount } from "./features.ts";
import type { Gaussians } from "./gaussians.ts";
import type { ConceptMode } from "./modes.ts";

const rounds = { most: 500, tolerance: 1e-13 };

/** Gaussians at random means; unit covariances scaled by concept. */
function gaussiansOf(concepts: number, d: number, seed = 0): Gaussians {
  const random = stream(seed, "estep");
  const means = Float64Array.from({ length: concepts * d }, () => 2 * random.normal());
  const covariances = new Float64Array(concepts * d * d);
  for (let k = 0; k < concepts; k++) {
    for (let i = 0; i < d; i++) covariances[k * d * d + i * (d + 1)] = 0.5 + 0.25 * k;
    if (d > 1) covariances[k * d * d + 1] = covariances[k * d * d + d] = 0.2;
  }
  return { kind: "full", d, means, covariances };
}

/** Images of given patches and weights, side by side. */
function batch(images: readonly { rows: readonly (readonly number[])[]; weights: readonly number[] }[]): Batch {
  const starts = [0];
  for (const { weights } of images) starts.push(starts.at(-1)! + weights.length);
  return {
    images: images.map((_, at) => ({
      id: String(at),
      embeddings: new Float64Array(0),
      attention: new Float64Array(0),
    })),
    first: 0,
    starts,
    rows: Float64Array.from(images.flatMap(({ rows }) => rows.flat())),
    weights: Float64Array.from(images.flatMap(({ weights }) => weights)),
  };
}

const stepFor = (gaussians: Gaussians, alpha: number[], mode: ConceptMode = "B", epsilon = 0) =>
  EStep.with({ settings: { mode, rounds }, gaussians, alpha: Float64Array.from(alpha), epsilon });

/** φ of a patch, from what the step keeps. */
function phi(
  { states, candidates, totals }: Awaited<ReturnType<EStep["infer"]>>,
  j: number,
  concepts: number,
  image = 0,
) {
  const found = new Array<number>(concepts).fill(0);
  for (let at = candidates.pointers[j]!; at < candidates.pointers[j + 1]!; at++) {
    const k = candidates.concepts[at]!;
    found[k] = (candidates.shares[at]! * states[image]!.factors[k]!) / totals[j]!;
  }
  return found;
}

const logNormal = (x: readonly number[], { means, covariances, d }: Gaussians, k: number): number => {
  const [a, b, , c] = covariances.subarray(k * 4, k * 4 + 4) as unknown as [number, number, number, number];
  const [u, v] = [x[0]! - means[k * d]!, x[1]! - means[k * d + 1]!];
  const det = a * c - b * b;
  return -0.5 * ((c * u * u - 2 * b * u * v + a * v * v) / det) - 0.5 * Math.log(det) - Math.log(2 * Math.PI);
};

test("with one concept every patch is that concept's, and γ is α plus the mass", async () => {
  const step = await stepFor(gaussiansOf(1, 2), [0.7]);

  const found = await step.infer(
    batch([
      {
        rows: [
          [1, 2],
          [3, 4],
        ],
        weights: [1.5, 0.5],
      },
    ]),
  );

  expect(phi(found, 0, 1)).toEqual([1]);
  expect(found.states[0]!.gamma[0]).toBeCloseTo(2.7, 12);
});

test("the densities are those of the Gaussians, for a single patch of one image", async () => {
  const gaussians = gaussiansOf(3, 2);
  const step = await stepFor(gaussians, [0.5, 1, 2]);
  const row = [0.3, -0.4];

  const found = await step.infer(batch([{ rows: [row], weights: [1] }]));

  const { gamma } = found.states[0]!;
  const raw = [0, 1, 2].map((k) => Math.exp(digamma(gamma[k]!) + logNormal(row, gaussians, k)));
  const total = raw.reduce((sum, value) => sum + value, 0);
  for (const [k, value] of phi(found, 0, 3).entries()) expect(value).toBeCloseTo(raw[k]! / total, 9);
});

test("with equal Gaussians φ is the softmax of E, for every patch", async () => {
  const one = gaussiansOf(1, 2);
  const three = (values: Float64Array) => Float64Array.from([...values, ...values, ...values]);
  const gaussians = { ...one, means: three(one.means), covariances: three(one.covariances) };
  const step = await stepFor(gaussians, [0.5, 1, 2]);

  const found = await step.infer(
    batch([
      {
        rows: [
          [0, 0],
          [5, 1],
        ],
        weights: [1, 1],
      },
    ]),
  );

  const { logs } = found.states[0]!;
  const total = logs.reduce((sum, log) => sum + Math.exp(log), 0);
  for (const j of [0, 1]) {
    for (const [k, value] of phi(found, j, 3).entries()) expect(value).toBeCloseTo(Math.exp(logs[k]!) / total, 12);
  }
});

test("a constant on every log-density changes no φ", async () => {
  const gaussians = gaussiansOf(3, 2);
  // The floor's own term is equal for equal covariances: a constant.
  const even = { ...gaussians, covariances: Float64Array.from([1, 2, 3].flatMap(() => [1, 0.2, 0.2, 1])) };
  const images = [
    {
      rows: [
        [0.3, -0.4],
        [1, 1],
      ],
      weights: [1, 1],
    },
  ];

  const [plain, shifted] = await Promise.all([stepFor(even, [1, 1, 1]), stepFor(even, [1, 1, 1], "B", 0.5)]);
  const before = await plain.infer(batch(images));
  const after = await shifted.infer(batch(images));

  expect(phi(after, 0, 3).every((value, k) => Math.abs(value - phi(before, 0, 3)[k]!) < 1e-12)).toBe(true);
});

test("a weight of n is the same patch n times in mode B: θ, bound and moments", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
      fc.nat(99),
      async (counts, seed) => {
        const random = stream(seed, "rows");
        const rows = counts.map(() => [2 * random.normal(), 2 * random.normal()]);
        const step = await stepFor(gaussiansOf(3, 2, seed), [0.3, 0.6, 0.9]);
        const weighted = batch([{ rows, weights: counts }]);
        const repeated = batch([
          {
            rows: counts.flatMap((n, at) => Array(n).fill(rows[at])),
            weights: counts.flatMap((n) => Array(n).fill(1)),
          },
        ]);

        const summed = async (images: Batch) => {
          const states = await step.infer(images);
          const moments = new Float64Array(3 * featureCount("full", 2));
          await step.addMoments(moments, images, states);
          return [...states.states[0]!.gamma, step.bound(images, states, 0), ...moments];
        };
        const [one, many] = [await summed(weighted), await summed(repeated)];

        for (const [at, value] of one.entries()) expect(value).toBeCloseTo(many[at]!, 6);
      },
    ),
    { numRuns: 20 },
  );
});

test("the modes put the weight where they say", async () => {
  const gaussians = gaussiansOf(2, 2);
  const rows = [
    [0.5, 0.2],
    [-1, 1],
  ];
  const weights = [1.6, 0.4];
  const alpha = [1, 2];
  const logits: Record<ConceptMode, (k: number, j: number) => number> = {
    A: (k, j) => weights[j]! * logNormal(rows[j]!, gaussians, k),
    B: (k, j) => logNormal(rows[j]!, gaussians, k),
    C: (k, j) => (weights[j]! / 2) * quadratic(k, j) - halfLogDet(k),
    D: (k, j) => quadratic(k, j),
    E: (k, j) => quadratic(k, j) / 100 - halfLogDet(k),
  };
  const counts: Record<ConceptMode, number[]> = { A: [1, 1], B: weights, C: [0.8, 0.2], D: [1, 1], E: [1, 1] };
  const halfLogDet = (k: number) => 0.5 * Math.log((0.5 + 0.25 * k) ** 2 - 0.04);
  const quadratic = (k: number, j: number) => logNormal(rows[j]!, gaussians, k) + halfLogDet(k) + Math.log(2 * Math.PI);

  for (const mode of ["A", "B", "C", "D", "E"] as const) {
    const step = await stepFor(gaussians, alpha, mode);
    const { states } = await step.infer(batch([{ rows, weights }]));
    const { gamma } = states[0]!;
    const again = [...alpha];
    for (const j of [0, 1]) {
      const raw = [0, 1].map((k) => Math.exp(digamma(gamma[k]!) + logits[mode](k, j)));
      for (const k of [0, 1]) again[k]! += (counts[mode][j]! * raw[k]!) / (raw[0]! + raw[1]!);
    }
    for (const k of [0, 1]) expect(gamma[k], mode).toBeCloseTo(again[k]!, 8);
  }
});
