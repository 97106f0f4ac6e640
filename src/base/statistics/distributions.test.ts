import fc from "fast-check";
import { expect, test } from "vitest";
import { betaQuantile, binomialCdf, binomialPmf, normalCdf, normalQuantile, studentQuantile } from "./distributions.ts";
import { hypergeometricTail, logHypergeometricTail, type Urn } from "./hypergeometric.ts";

const urns: fc.Arbitrary<Urn> = fc
  .integer({ min: 1, max: 3000 })
  .chain((population) =>
    fc.record({ population: fc.constant(population), marked: fc.nat(population), draws: fc.nat(population) }),
  );

test("normalQuantile() undoes normalCdf()", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1 - 1e-9, noNaN: true }), (share) => {
      expect(normalCdf(normalQuantile(share)) / share).toBeCloseTo(1, 9);
    }),
  );
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test("binomialPmf() adds up to binomialCdf()", () => {
  fc.assert(
    fc.property(fc.nat(300), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(300), (n, share, extra) => {
      const successes = extra % (n + 1);
      let total = 0;
      for (let k = 0; k <= successes; k++) total += binomialPmf(k, { n, share });
      expect(total).toBeCloseTo(binomialCdf(successes, { n, share }), 10);
    }),
  );
});

test("hypergeometricTail() falls from one to zero and does not care which side is marked and which drawn", () => {
  fc.assert(
    fc.property(urns, fc.nat(3000), (urn, overlap) => {
      const swapped = { population: urn.population, marked: urn.draws, draws: urn.marked };
      const tail = hypergeometricTail(overlap, urn);
      expect(hypergeometricTail(0, urn)).toBe(1);
      expect(hypergeometricTail(overlap + 1, urn)).toBeLessThanOrEqual(tail);
      expect(hypergeometricTail(overlap, swapped)).toBeCloseTo(tail, 10);
      expect(hypergeometricTail(Math.min(urn.marked, urn.draws) + 1, urn)).toBe(0);
    }),
  );
});

test("logHypergeometricTail() stays finite where the chance itself is too small for a number", () => {
  const urn = { population: 100_000, marked: 1000, draws: 1000 };

  expect(hypergeometricTail(1000, urn)).toBe(0);
  expect(logHypergeometricTail(1000, urn)).toBeLessThan(-5000);
});

test("distributions refuse what they are not defined for", () => {
  expect(() => normalQuantile(1.5)).toThrow("normalQuantile: Expected a share from 0 to 1, got 1.5");
  expect(() => normalQuantile(Number.NaN)).toThrow("got NaN");
  expect(() => studentQuantile(1, 3)).toThrow("studentQuantile");
  expect(() => studentQuantile(0.5, Number.NaN)).toThrow("finite numbers, got NaN");
  expect(() => studentQuantile(0.5, 0)).toThrow("a number above zero, got 0");
  expect(() => binomialCdf(Number.NaN, { n: 2, share: 0.5 })).toThrow("finite numbers, got NaN");
  expect(() => betaQuantile(0.1, { alpha: Number.NaN, beta: 1 })).toThrow("finite numbers, got NaN");
  expect(() => betaQuantile(-0.1, { alpha: 1, beta: 1 })).toThrow("betaQuantile");
  expect(() => binomialPmf(3, { n: 2, share: 0.5 })).toThrow("from 0 to 2, got 3");
  expect(() => binomialCdf(1, { n: 2, share: 2 })).toThrow("a share from 0 to 1, got 2");
  expect(() => hypergeometricTail(1, { population: 5, marked: 6, draws: 2 })).toThrow("from 0 to 5, got 6");
  expect(() => hypergeometricTail(-1, { population: 5, marked: 2, draws: 2 })).toThrow("got -1");
});

test("studentQuantile() of ever more degrees of freedom comes down to the normal quantile and stays there", () => {
  for (const freedom of [1e15, 1e16, 1e17, 1e200]) {
    expect(studentQuantile(0.8, freedom)).toBeCloseTo(normalQuantile(0.8), 14);
  }
});
