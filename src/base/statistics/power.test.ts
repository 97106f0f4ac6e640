import fc from "fast-check";
import { expect, test } from "vitest";
import { type RandomStream, stream } from "../random/streams.ts";
import { wilson, zeroEventLimit } from "./intervals.ts";
import { mcnemarMidP } from "./paired.ts";
import {
  detectableDifference,
  detectablePairedDifference,
  samplesForMean,
  samplesForPairs,
  samplesForShare,
  samplesForShares,
  samplesForZeroEvents,
} from "./power.ts";

const inner = fc.double({ min: 0.02, max: 0.98, noNaN: true });

function successes(random: RandomStream, { n, share }: { n: number; share: number }): number {
  let count = 0;
  for (let at = 0; at < n; at++) if (random.next() < share) count++;
  return count;
}

/** The share of 2,000 simulated experiments that decide; 80 % are planned, its standard error is 0.9 %. */
const decided = (experiment: () => boolean): number =>
  Array.from({ length: 2000 }, experiment).filter(Boolean).length / 2000;

test("samplesForShare() gives Wilson's interval the planned power to leave the bound out", () => {
  const random = stream(0, "power/share");
  const n = samplesForShare({ share: 0.6, bound: 0.5 })!;

  const power = decided(() => wilson(successes(random, { n, share: 0.6 }), n).low > 0.5);

  expect(Math.abs(power - 0.8)).toBeLessThan(0.03);
});

test("samplesForPairs() gives McNemar's mid-p test the planned power", () => {
  const random = stream(0, "power/pairs");
  const n = samplesForPairs({ onlyFirst: 0.08, onlySecond: 0.16 })!;

  const power = decided(() => {
    const onlyFirst = successes(random, { n, share: 0.08 });
    // Given that a pair is not of the first kind, it is of the second with 0.16 / 0.92.
    const onlySecond = successes(random, { n: n - onlyFirst, share: 0.16 / 0.92 });
    return mcnemarMidP({ onlyFirst, onlySecond }).pValue <= 0.05;
  });

  expect(Math.abs(power - 0.8)).toBeLessThan(0.03);
});

test("detectableDifference() is the difference for which its number of samples is planned", () => {
  fc.assert(
    fc.property(inner, fc.integer({ min: 20, max: 20_000 }), (base, n) => {
      const difference = detectableDifference({ base, n });
      if (difference === null) return;
      const second = Math.min(1, base + difference);
      expect(Math.abs(samplesForShares({ first: base, second })! - n)).toBeLessThanOrEqual(1);
    }),
  );
});

test("detectablePairedDifference() shrinks as pairs are added, and never exceeds the disagreement", () => {
  fc.assert(
    fc.property(inner, fc.integer({ min: 1, max: 10_000 }), (discordant, n) => {
      const few = detectablePairedDifference({ discordant, n });
      const many = detectablePairedDifference({ discordant, n: 2 * n });
      if (few === null || many === null) return;
      expect(few).toBeLessThanOrEqual(discordant);
      expect(many).toBeLessThan(few);
    }),
  );
});

test("power plans ask for more samples as the difference shrinks, the level rises or the power rises", () => {
  const base = samplesForShare({ share: 0.6, bound: 0.5 })!;

  expect(samplesForShare({ share: 0.55, bound: 0.5 })).toBeGreaterThan(base);
  expect(samplesForShare({ share: 0.6, bound: 0.5 }, { level: 0.99 })).toBeGreaterThan(base);
  expect(samplesForShare({ share: 0.6, bound: 0.5 }, { power: 0.95 })).toBeGreaterThan(base);
  expect(samplesForShare({ share: 0.6, bound: 0.5 }, { power: 0.01 })).toBeGreaterThanOrEqual(1);
});

test("power plans say null where no number of samples would do", () => {
  expect(samplesForShare({ share: 0.5, bound: 0.5 })).toBeNull();
  expect(samplesForShares({ first: 0.3, second: 0.3 })).toBeNull();
  expect(samplesForPairs({ onlyFirst: 0.1, onlySecond: 0.1 })).toBeNull();
  expect(samplesForPairs({ onlyFirst: 0, onlySecond: 0 })).toBeNull();
  expect(detectableDifference({ base: 0.99, n: 10 })).toBeNull();
  expect(detectableDifference({ base: 1, n: 1000 })).toBeNull();
  expect(detectablePairedDifference({ discordant: 0, n: 1000 })).toBeNull();
  expect(detectablePairedDifference({ discordant: 0.01, n: 50 })).toBeNull();
});

test("samplesForZeroEvents() is the first number whose zeroEventLimit() lies at or below the bound", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 0.5, noNaN: true }), (bound) => {
      const n = samplesForZeroEvents(bound);
      expect(zeroEventLimit(n).high).toBeLessThanOrEqual(bound * (1 + 1e-12));
      if (n > 1) expect(zeroEventLimit(n - 1).high).toBeGreaterThan(bound * (1 - 1e-12));
    }),
  );
});

test("power plans refuse shares, counts and levels that are none", () => {
  expect(() => samplesForShare({ share: 60, bound: 0.5 })).toThrow(
    "samplesForShare: Expected a share from 0 to 1, got 60",
  );
  expect(() => samplesForShares({ first: Number.NaN, second: 0.5 })).toThrow("got NaN");
  expect(() => samplesForPairs({ onlyFirst: 0.7, onlySecond: 0.6 })).toThrow("a share from 0 to 1");
  expect(() => detectableDifference({ base: 0.5, n: 0 })).toThrow("at least 1, got 0");
  expect(() => samplesForShare({ share: 0.6, bound: 0.5 }, { power: 1 })).toThrow("power: Expected a level");
  expect(() => samplesForZeroEvents(0)).toThrow("samplesForZeroEvents");
});

test("samplesForMean() agrees with R's power.t.test, and is null for a mean on its bound", () => {
  expect(samplesForMean({ mean: 0.5, spread: 1, bound: 0 })).toBe(34);
  expect(samplesForMean({ mean: -1, spread: 1, bound: 0 })).toBe(10);
  expect(samplesForMean({ mean: 3, spread: 0, bound: 0 })).toBe(2);
  expect(samplesForMean({ mean: 1, spread: 1, bound: 1 })).toBeNull();
  expect(() => samplesForMean({ mean: Number.NaN, spread: 1, bound: 1 })).toThrow("samplesForMean");
});

test("samplesForMean() ends for a difference that is rounding alone, and refuses a spread below zero", () => {
  for (const difference of [3e-8, 1e-9, 1e-16, 1e-150]) {
    const n = samplesForMean({ mean: difference, spread: 1, bound: 0 })!;
    expect(n / ((1.959964 + 0.841621) / difference) ** 2).toBeCloseTo(1, 5);
  }
  expect(() => samplesForMean({ mean: 1, spread: -1, bound: 0 })).toThrow("at least zero, got -1");
});
