import fc from "fast-check";
import { expect, test } from "vitest";
import { stream } from "../random/streams.ts";
import { binomialPmf } from "./distributions.ts";
import { discordance, mcnemarExact, mcnemarMidP, pairedBootstrap } from "./paired.ts";
import { clusters } from "./resampling.ts";

const counts = fc.record({ onlyFirst: fc.nat(3000), onlySecond: fc.nat(3000) });

test("discordance() counts the samples that only one subject solved", () => {
  expect(discordance([1, 1, 0, 0, 1], [1, 0, 1, 0, 0])).toEqual({ onlyFirst: 2, onlySecond: 1 });
});

test("McNemar's tests give the published p-values of the transplant study", () => {
  // Fagerland et al. 2013, table 1: seven children only after, one only before the transplantation.
  const children = { onlyFirst: 1, onlySecond: 7 };

  expect(mcnemarExact(children).pValue).toBeCloseTo(0.0703, 4);
  expect(mcnemarMidP(children).pValue).toBeCloseTo(0.0391, 4);
});

test("McNemar's tests are probabilities, do not care which subject is first, and mid-p is never above exact", () => {
  fc.assert(
    fc.property(counts, ({ onlyFirst, onlySecond }) => {
      const exact = mcnemarExact({ onlyFirst, onlySecond }).pValue;
      const midP = mcnemarMidP({ onlyFirst, onlySecond }).pValue;
      expect(exact).toBeLessThanOrEqual(1);
      expect(midP).toBeGreaterThanOrEqual(0);
      expect(midP).toBeLessThanOrEqual(Math.max(exact, 1e-250));
      expect(mcnemarMidP({ onlyFirst: onlySecond, onlySecond: onlyFirst }).pValue).toBeCloseTo(midP, 9);
    }),
  );
});

test.each([6, 15, 40, 200])(
  "McNemar's tests raise a false alarm at most as often as they say, with %i disagreements",
  (n) => {
    const alarms = (pValue: (counts: { onlyFirst: number; onlySecond: number }) => { pValue: number }) =>
      Array.from({ length: n + 1 }, (_, onlyFirst) => onlyFirst)
        .filter((onlyFirst) => pValue({ onlyFirst, onlySecond: n - onlyFirst }).pValue <= 0.05)
        .reduce((chance, onlyFirst) => chance + binomialPmf(onlyFirst, { n, share: 0.5 }), 0);

    expect(alarms(mcnemarExact)).toBeLessThanOrEqual(0.05);
    // Given the number of disagreements mid-p may exceed 5 % a little; over random numbers of them it does not.
    expect(alarms(mcnemarMidP)).toBeLessThanOrEqual(0.065);
  },
);

test("McNemar's tests find nothing without any disagreement", () => {
  expect(mcnemarExact({ onlyFirst: 0, onlySecond: 0 }).pValue).toBe(1);
  expect(mcnemarMidP({ onlyFirst: 0, onlySecond: 0 }).pValue).toBe(1);
});

test("pairedBootstrap() takes the first from the second, pair by pair", () => {
  const random = stream(0, "paired");
  const first = Array.from({ length: 200 }, () => random.normal() * 10);
  const second = first.map((value) => value + 1 + random.normal());

  const { difference, interval } = pairedBootstrap(first, second, { random });

  expect(difference).toBeGreaterThan(0);
  expect(interval.low).toBeGreaterThan(0.7);
  expect(interval.high).toBeLessThan(1.3);
});

test("pairedBootstrap() of equal pairs is zero without width", () => {
  const { difference, interval } = pairedBootstrap([1, 0, 1], [1, 0, 1], { random: stream(0, "equal") });

  expect(difference).toBe(0);
  expect(interval).toMatchObject({ low: 0, high: 0 });
});

test("pairedBootstrap() can draw pairs in clusters", () => {
  const scores = [1, 1, 0, 0, 1, 1, 0, 0];
  const resampling = clusters(["a", "a", "b", "b", "c", "c", "d", "d"]);
  const zeros = scores.map(() => 0);

  const plain = pairedBootstrap(zeros, scores, { random: stream(1, "a") }).interval;
  const clustered = pairedBootstrap(zeros, scores, { random: stream(1, "b"), resampling }).interval;

  expect(clustered.high - clustered.low).toBeGreaterThan(plain.high - plain.low);
});

test("paired tests refuse lists that are not pairs of numbers", () => {
  const random = stream(0, "refusals");

  expect(() => discordance([1, 0], [1])).toThrow("discordance: Expected pairs, got 2 and 1 values");
  expect(() => discordance([0.5], [1])).toThrow("Expected scores of 0 or 1, got 0.5; use signFlip for fractions");
  expect(() => discordance([Number.NaN], [1])).toThrow("got NaN");
  expect(() => mcnemarMidP({ onlyFirst: -1, onlySecond: 2 })).toThrow("mcnemarMidP: Expected a whole number");
  expect(() => pairedBootstrap([1, 2], [1, Number.NaN], { random })).toThrow("NaN at position 1");
  expect(() => pairedBootstrap([1, 2], [1], { random })).toThrow("Expected pairs");
});
