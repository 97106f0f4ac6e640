import fc from "fast-check";
import { expect, test } from "vitest";
import { benjaminiHochberg, holm } from "./multiplicity.ts";

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

test("holm() and benjaminiHochberg() never lower a p-value, keep the order, and rank by strictness", () => {
  fc.assert(
    fc.property(pValues, (ps) => {
      const strict = holm(ps);
      const screen = benjaminiHochberg(ps);
      for (const [at, p] of ps.entries()) {
        expect(screen[at]).toBeGreaterThanOrEqual(p);
        expect(strict[at]! - screen[at]!).toBeGreaterThanOrEqual(-1e-15);
        expect(strict[at]).toBeLessThanOrEqual(Math.min(1, p * ps.length));
      }
      const order = ps.map((_, at) => at).sort((a, b) => ps[a]! - ps[b]!);
      for (const adjusted of [strict, screen]) {
        const sorted = order.map((at) => adjusted[at]!);
        expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
      }
    }),
  );
});

test("holm() and benjaminiHochberg() leave nothing and a single p-value as they are", () => {
  expect([holm([]), benjaminiHochberg([])]).toEqual([[], []]);
  expect([holm([0.03]), benjaminiHochberg([0.03])]).toEqual([[0.03], [0.03]]);
});

test("holm() and benjaminiHochberg() refuse what is no p-value", () => {
  expect(() => holm([0.1, Number.NaN])).toThrow("holm: Expected p-values from 0 to 1, got NaN");
  expect(() => benjaminiHochberg([1.1])).toThrow("benjaminiHochberg: Expected p-values from 0 to 1, got 1.1");
});
