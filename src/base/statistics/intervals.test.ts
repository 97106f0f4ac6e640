import fc from "fast-check";
import { expect, test } from "vitest";
import { stream } from "../random/streams.ts";
import type { Interval } from "../words.ts";
import { binomialPmf } from "./distributions.ts";
import { clopperPearson, meanInterval, newcombe, wilson, zeroEventLimit } from "./intervals.ts";

type ShareInterval = typeof wilson;

const counts = fc.integer({ min: 1, max: 5000 }).chain((n) => fc.record({ n: fc.constant(n), k: fc.nat(n) }));
const levels = fc.double({ min: 0.01, max: 0.9999, noNaN: true });

const holds = ({ low, high }: Interval, truth: number): boolean => low <= truth && truth <= high;

/** The exact chance that an interval from n tries holds the true share. */
function coverage(interval: ShareInterval, { n, share }: { n: number; share: number }): number {
  let chance = 0;
  for (let k = 0; k <= n; k++) if (holds(interval(k, n), share)) chance += binomialPmf(k, { n, share });
  return chance;
}

const truths = Array.from({ length: 199 }, (_, at) => (at + 1) / 200);

test("wilson() covers the true share as often as it says, on average over the truth", () => {
  for (const n of [5, 20, 100]) {
    const coverages = truths.map((share) => coverage(wilson, { n, share }));

    const average = coverages.reduce((sum, one) => sum + one, 0) / coverages.length;

    expect(average).toBeGreaterThan(0.945);
    expect(average).toBeLessThan(0.965);
  }
});

test("clopperPearson() never covers the true share less often than it says", () => {
  for (const n of [5, 20, 100]) {
    for (const share of truths) expect(coverage(clopperPearson, { n, share })).toBeGreaterThanOrEqual(0.95);
  }
});

test.each([wilson, clopperPearson])("%o holds the estimate, stays in [0, 1] and mirrors", (interval: ShareInterval) => {
  fc.assert(
    fc.property(counts, levels, ({ n, k }, level) => {
      const { low, high } = interval(k, n, { level });
      expect(low).toBeGreaterThanOrEqual(0);
      expect(low).toBeLessThanOrEqual(k / n);
      expect(high).toBeGreaterThanOrEqual(k / n);
      expect(high).toBeLessThanOrEqual(1);
      expect(interval(n - k, n, { level }).low).toBeCloseTo(1 - high, 9);
    }),
  );
});

test.each([wilson, clopperPearson])("%o grows with its level", (interval: ShareInterval) => {
  fc.assert(
    fc.property(counts, levels, levels, ({ n, k }, one, other) => {
      const narrow = interval(k, n, { level: Math.min(one, other) });
      const wide = interval(k, n, { level: Math.max(one, other) });
      expect(wide.low).toBeLessThanOrEqual(narrow.low + 1e-12);
      expect(wide.high).toBeGreaterThanOrEqual(narrow.high - 1e-12);
    }),
  );
});

test("wilson() and clopperPearson() reach the end exactly when all or none succeed", () => {
  expect(wilson(0, 50).low).toBe(0);
  expect(wilson(50, 50).high).toBe(1);
  expect(clopperPearson(0, 50).low).toBe(0);
  expect(clopperPearson(50, 50).high).toBe(1);
});

test("zeroEventLimit() is the rule of three, and the upper end of a one-sided exact interval", () => {
  expect(zeroEventLimit(1000).high).toBeCloseTo(3 / 1000, 4);
  expect(zeroEventLimit(40).high).toBeCloseTo(clopperPearson(0, 40, { level: 0.9 }).high, 12);
  expect((1 - zeroEventLimit(40).high) ** 40).toBeCloseTo(0.05, 12);
});

test("meanInterval() is cut at what the mean can be, where that is said", () => {
  const values = [0.01, 0.02, 0.3];

  expect(meanInterval(values).low).toBeLessThan(0);
  expect(meanInterval(values, { range: [0, 0.4] })).toMatchObject({ low: 0, high: 0.4 });
});

test("meanInterval() covers the true mean of few normal values as often as it says", () => {
  const random = stream(1, "mean-coverage");
  const samples = Array.from({ length: 4000 }, () => Array.from({ length: 4 }, () => 3 + 2 * random.normal()));

  const covered = samples.filter((values) => holds(meanInterval(values), 3)).length / samples.length;

  // Three standard errors of 95 % in 4,000 tries are 1 %.
  expect(Math.abs(covered - 0.95)).toBeLessThan(0.0104);
});

test("intervals refuse what has none", () => {
  expect(() => wilson(0, 0)).toThrow("wilson: Expected a whole number of at least 1, got 0");
  expect(() => wilson(3, 2)).toThrow("wilson: Expected a whole number from 0 to 2, got 3");
  expect(() => wilson(Number.NaN, 2)).toThrow("got NaN");
  expect(() => wilson(0.5, 2)).toThrow("got 0.5");
  expect(() => clopperPearson(1, 2, { level: 95 })).toThrow("strictly between 0 and 1, such as 0.95, got 95");
  expect(() => clopperPearson(1, 2, { level: Number.NaN })).toThrow("got NaN");
  expect(() => zeroEventLimit(0)).toThrow("zeroEventLimit");
  expect(() => meanInterval([1])).toThrow("meanInterval: Expected at least 2 values, got 1");
  expect(() => meanInterval([1, Number.NaN])).toThrow("NaN at position 1");
});

test("newcombe() gives the published interval of 56/70 against 48/80", () => {
  const { low, high } = newcombe({ successes: 56, n: 70 }, { successes: 48, n: 80 });

  // Newcombe 1998, table II (a), method 10
  expect([low, high].map((value) => value.toFixed(4))).toEqual(["0.0524", "0.3339"]);
});

test("newcombe() turned around is the same interval with the other sign", () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const first = { successes: a.k, n: a.n };
      const second = { successes: b.k, n: b.n };

      const [there, back] = [newcombe(first, second), newcombe(second, first)];

      expect(there.low).toBeCloseTo(-back.high, 12);
      expect(there.high).toBeCloseTo(-back.low, 12);
    }),
  );
});
