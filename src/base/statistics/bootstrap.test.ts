import fc from "fast-check";
import { expect, test } from "vitest";
import { stream } from "../random/streams.ts";
import {
  bcaInterval,
  bootstrapDistribution,
  bootstrapInterval,
  jackknife,
  meanOf,
  percentileInterval,
  statisticOf,
} from "./bootstrap.ts";
import { clusters, clustersThenMembers, members } from "./resampling.ts";
import { mean, median, standardDeviation } from "./summary.ts";

const draw = (count: number, next: (at: number) => number): number[] =>
  Array.from({ length: count }, (_, at) => next(at));
const width = ({ low, high }: { low: number; high: number }): number => high - low;

test("bootstrapInterval() gives the same interval for the same stream, another for another", () => {
  const values = draw(50, (at) => at ** 2);
  const interval = (seed: number) => bootstrapInterval(members(50), meanOf(values), { random: stream(seed, "x") });

  expect(interval(0)).toEqual(interval(0));
  expect(interval(0)).not.toEqual(interval(1));
  expect(interval(0).method).toBe("BCa bootstrap, 2000 resamples");
});

test("bootstrapDistribution() of a mean scatters by its standard error", () => {
  const random = stream(2, "standard-error");
  const values = draw(2000, () => random.normal() ** 2);

  const distribution = bootstrapDistribution(members(2000), meanOf(values), { random, resamples: 4000 });

  const expected = standardDeviation(values, { ddof: 0 }) / Math.sqrt(2000);
  expect(mean(distribution)).toBeCloseTo(mean(values), 2);
  // The relative error of a deviation from 4,000 draws is 1.1 %.
  expect(standardDeviation(distribution) / expected).toBeCloseTo(1, 1);
});

test("bootstrapInterval() by BCa covers the mean of skewed values about as often as it says", () => {
  const random = stream(3, "coverage");
  const experiments = draw(400, () => {
    const values = draw(40, () => -Math.log(1 - random.next()));
    const { low, high } = bootstrapInterval(members(40), meanOf(values), { random, resamples: 500 });
    return Number(low <= 1 && 1 <= high);
  });

  // Known to fall a little short on 40 skewed values: Efron and Tibshirani 1993, §14.3.
  expect(mean(experiments)).toBeGreaterThan(0.9);
  expect(mean(experiments)).toBeLessThan(0.975);
});

test("clusters() of one member each draws exactly as members() does", () => {
  const values = draw(30, (at) => Math.sin(at));
  const options = () => ({ random: stream(4, "same") });

  const plain = bootstrapInterval(members(30), meanOf(values), options());
  const clustered = bootstrapInterval(clusters(draw(30, (at) => at)), meanOf(values), options());

  expect(clustered).toEqual(plain);
});

test("clusters() widens the interval by the design effect when members repeat each other", () => {
  const random = stream(5, "design-effect");
  const values = draw(40, () => random.normal()).flatMap((value) => new Array(9).fill(value));
  const labels = values.map((_, at) => `picture ${Math.floor(at / 9)}`);

  const plain = bootstrapInterval(members(360), meanOf(values), { random });
  const clustered = bootstrapInterval(clusters(labels), meanOf(values), { random });
  const hierarchical = bootstrapInterval(clustersThenMembers(labels), meanOf(values), { random });

  // Nine copies of each value count as one: √9 times as wide. Equal members add nothing at the second level.
  expect(width(clustered) / width(plain)).toBeCloseTo(3, 0);
  expect(width(hierarchical) / width(clustered)).toBeCloseTo(1, 0);
});

test("clustersThenMembers() adds the scatter within clusters, which clusters() keeps fixed", () => {
  const random = stream(6, "two-levels");
  const values = draw(200, (at) => (at % 2 === 0 ? 1 : -1));
  const labels = values.map((_, at) => Math.floor(at / 20));

  const clustered = bootstrapInterval(clusters(labels), meanOf(values), { random });
  const hierarchical = bootstrapInterval(clustersThenMembers(labels), meanOf(values), { random });

  // Every cluster has the mean 0; 200 values of ±1 have a standard error of 1/√200.
  expect(width(clustered)).toBe(0);
  expect(width(hierarchical)).toBeCloseTo((2 * 1.96) / Math.sqrt(200), 1);
});

test("draws hold whole clusters, and as many of them as there are", () => {
  const labels = ["a", "b", "a", "c", "b", "a"];
  const random = stream(7, "whole");

  for (const positions of draw(50, () => 0).map(() => clusters(labels).draw(random))) {
    const counts = ["a", "b", "c"].map((label) => [...positions].filter((at) => labels[at] === label).length);
    expect(counts[0]! / 3 + counts[1]! / 2 + counts[2]!).toBe(3);
  }
  expect([...clusters(labels).without(1)]).toEqual([0, 2, 5, 3]);
  expect([...members(4).without(2)]).toEqual([0, 1, 3]);
});

test("bcaInterval() is the percentile interval when there is neither bias nor skewness", () => {
  const distribution = Float64Array.from(draw(1001, (at) => (at - 500) / 100));
  const evidence = { estimate: 0, distribution, jackknife: Float64Array.of(-1, 0, 1) };

  const { low, high } = bcaInterval(evidence);

  expect(low).toBeCloseTo(percentileInterval(distribution).low, 9);
  expect(high).toBeCloseTo(percentileInterval(distribution).high, 9);
});

test("bootstrap intervals stay within the distribution and grow with their level", () => {
  const shape = fc.record({
    estimate: fc.double({ min: -3, max: 3, noNaN: true }),
    distribution: fc.float64Array({ minLength: 2, min: -3, max: 3, noNaN: true }),
    jackknife: fc.float64Array({ minLength: 2, min: -3, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(shape, (evidence) => {
      const wide = bcaInterval(evidence, { level: 0.99 });
      expect(wide.low).toBeGreaterThanOrEqual(Math.min(...evidence.distribution));
      expect(wide.high).toBeLessThanOrEqual(Math.max(...evidence.distribution));
      expect(wide.low).toBeLessThanOrEqual(wide.high);
      const percentile = percentileInterval(evidence.distribution, { level: 0.99 });
      expect(percentile.low).toBeLessThanOrEqual(percentileInterval(evidence.distribution, { level: 0.5 }).low);
    }),
  );
});

test("bootstrapInterval() of equal values has no width, and of a maximum still has two finite ends", () => {
  const values = draw(20, (at) => at);
  const random = stream(8, "edges");

  expect(bootstrapInterval(members(20), meanOf(draw(20, () => 1)), { random })).toMatchObject({ low: 1, high: 1 });
  const { low, high } = bootstrapInterval(
    members(20),
    statisticOf(values, (drawn) => Math.max(...drawn)),
    { random },
  );
  expect(low).toBeGreaterThan(10);
  expect(high).toBe(19);
});

test("meanOf() leaves each unit out as computing the mean anew would", () => {
  const values = draw(60, (at) => Math.cos(at));

  for (const resampling of [
    members(60),
    clusters(draw(60, (at) => at % 7)),
    clustersThenMembers(draw(60, (at) => at % 9)),
  ]) {
    const short = jackknife(resampling, meanOf(values));
    const long = jackknife(resampling, statisticOf(values, mean));
    expect(meanOf(values).withoutEach).toBeDefined();
    expect(short).toHaveLength(resampling.units);
    for (const [at, value] of short.entries()) expect(value).toBeCloseTo(long[at]!, 13);
  }
});

test("statisticOf() resamples any function of values", () => {
  const values = draw(101, (at) => at);

  const interval = bootstrapInterval(members(101), statisticOf(values, median), { random: stream(9, "median") });

  // The order statistics 41 and 61 bound the median of 101 values with 95 %.
  expect(Math.abs(interval.low - 40)).toBeLessThan(4);
  expect(Math.abs(interval.high - 60)).toBeLessThan(4);
});

test("bootstrapInterval() refuses data and statistics that are no numbers", () => {
  const random = stream(0, "refusals");

  expect(() => meanOf([1, Number.NaN])).toThrow("meanOf: Expected finite numbers, got NaN at position 1");
  expect(() => statisticOf([], median)).toThrow("at least 1 value, got 0");
  const distribution = Float64Array.of(1, 2, 3);
  expect(() => bcaInterval({ estimate: Number.NaN, distribution, jackknife: distribution })).toThrow("got NaN");
  expect(() => percentileInterval(Float64Array.of(1, Number.NaN))).toThrow("NaN at position 1");
  expect(() => bootstrapInterval(members(3), meanOf([1, 2]), { random })).toThrow("on a resample, got NaN");
  expect(() => bootstrapInterval(members(2), meanOf([1, 2, 3]), { random })).toThrow("meanOf: Expected a whole number");
  expect(() => members(1)).toThrow("members: Expected a whole number of at least 2, got 1");
  expect(() => clusters(["a", "a"])).toThrow("clusters: Expected at least two clusters, got 1");
  expect(() => bootstrapInterval(members(2), () => Number.NaN, { random })).toThrow("finite statistic on a resample");
  expect(() => bootstrapInterval(members(2), meanOf([1, 2]), { random, level: 1 })).toThrow("strictly between");
  expect(() => bootstrapInterval(members(2), meanOf([1, 2]), { random, resamples: 0 })).toThrow("at least 1, got 0");
});
