import fc from "fast-check";
import { expect, test } from "vitest";
import { stream } from "#base";
import { addEtaGradient, labelBound, labelGradient, labelProbabilities, stepEta } from "./label-map.ts";
import { addBetaGradient, pairBound, pairGradient, stepBeta } from "./pairs.ts";

const numbers = (seed: number, length: number) => {
  const random = stream(seed, "labels");
  return Float64Array.from({ length }, () => random.next());
};

/** Central difference of a function at one place of an array. */
function slope(values: Float64Array, at: number, value: (values: Float64Array) => number): number {
  const step = 1e-5;
  const [up, down] = [values.slice(), values.slice()];
  up[at]! += step;
  down[at]! -= step;
  return (value(up) - value(down)) / (2 * step);
}

test("labelGradient() and addEtaGradient() are the derivatives of L_f, by finite differences", () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const [phiBar, eta, label] = [numbers(seed, 4), numbers(seed + 1, 12).map((value) => 4 * value - 2), seed % 3];
      const byPhi = labelGradient(eta, phiBar, label);
      const byEta = new Float64Array(12);
      addEtaGradient(byEta, eta, { phiBar, label });

      for (let k = 0; k < 4; k++) {
        expect(byPhi[k]).toBeCloseTo(
          slope(phiBar, k, (moved) => labelBound(eta, moved, label)),
          7,
        );
      }
      for (let at = 0; at < 12; at++) {
        expect(byEta[at]).toBeCloseTo(
          slope(eta, at, (moved) => labelBound(moved, phiBar, label)),
          7,
        );
      }
    }),
  );
});

test("pairGradient() and addBetaGradient() are the derivatives of L_s, by finite differences", () => {
  const beta = numbers(1, 3);
  const originals = [numbers(2, 3), numbers(3, 3), numbers(4, 3)];
  const pairs = { originals, perturbed: new Map([[0, numbers(5, 3)]]) };
  const byBeta = new Float64Array(3);
  addBetaGradient(byBeta, beta, { batch: pairs, at: 0 });

  const byPhi = pairGradient(beta, pairs, 0);

  for (let k = 0; k < 3; k++) {
    const moved = (own: Float64Array) => pairBound(beta, { ...pairs, originals: [own, ...originals.slice(1)] }, 0);
    expect(byPhi[k]).toBeCloseTo(slope(originals[0]!, k, moved), 7);
    expect(byBeta[k]).toBeCloseTo(
      slope(beta, k, (other) => pairBound(other, pairs, 0)),
      7,
    );
  }
  expect(pairBound(beta, pairs, 1)).toBe(0);
  expect(pairGradient(beta, pairs, 1)).toEqual(new Float64Array(3));
});

test("stepEta() climbs the penalised likelihood until it stands, and stays within one", () => {
  const images = Array.from({ length: 30 }, (_, at) => ({ phiBar: numbers(at, 3), label: at % 2 }));
  const gram = new Float64Array(9);
  for (const { phiBar } of images) {
    for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) gram[a * 3 + b]! += phiBar[a]! * phiBar[b]!;
  }
  const objective = (eta: Float64Array) =>
    images.reduce((sum, { phiBar, label }) => sum + labelBound(eta, phiBar, label), 0) -
    0.5 * eta.reduce((sum, value) => sum + value * value, 0);
  let eta = new Float64Array(6);

  const values = Array.from({ length: 20 }, () => {
    const gradient = new Float64Array(6);
    for (const image of images) addEtaGradient(gradient, eta, image);
    eta = stepEta(eta, { gradient, gram }, 1) as Float64Array<ArrayBuffer>;
    return objective(eta);
  });

  expect(values.slice(1).every((value, at) => value >= values[at]! - 1e-12)).toBe(true);
  expect(values.at(-1)! - values.at(-2)!).toBeLessThan(1e-6);
  expect(labelProbabilities(eta, images[0]!.phiBar).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
});

test("stepBeta() moves along its gradient within zero and one", () => {
  expect([...stepBeta(Float64Array.from([0.5, 0, 1]), Float64Array.from([0.1, -1, 1]), { images: 3 })]).toEqual([
    0.6, 0, 1,
  ]);
});
