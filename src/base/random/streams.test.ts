import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RandomStream, stream } from "./streams.ts";
import { Xoshiro128 } from "./xoshiro.ts";

const golden: { streams: { path: (number | string)[]; words: number[]; next: number[] }[] } = JSON.parse(
  readFileSync(new URL("../../../test/golden/base/streams.golden.json", import.meta.url), "utf8"),
);

const repeat = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

test("Xoshiro128 gives the reference sequence for the state 1, 2, 3, 4", () => {
  const generator = new Xoshiro128([1, 2, 3, 4]);

  expect(repeat(10, () => generator.uint32())).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

test.each(golden.streams)("stream $path draws what an independent implementation draws", ({ path, words, next }) => {
  const [seed, purpose, ...forks] = path as [number, string, ...string[]];
  const drawn = forks.reduce((parent, name) => parent.fork(name), stream(seed, purpose));

  expect(repeat(4, () => drawn.int(2 ** 32 - 1))).toEqual(words);
  expect(repeat(4, () => drawn.next())).toEqual(next);
});

test("RandomStream never changes its first values", () => {
  const drawn = stream(0, "golden");

  expect([drawn.int(6), drawn.int(6), drawn.int(1000), drawn.int(2 ** 40)]).toEqual([0, 2, 197, 182261512678]);
  expect([drawn.next(), drawn.normal(), drawn.normal()]).toEqual([
    0.788499252207552, -0.8469230114568991, 1.1773002278873892,
  ]);
  expect(drawn.pick("abcdef")).toBe("f");
  expect(drawn.shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([4, 6, 5, 7, 0, 1, 3, 2]);
  expect(drawn.sample([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([4, 9, 0, 7]);
});

test("stream() gives other numbers for another seed and for another purpose", () => {
  const firsts = [stream(0, "a"), stream(0, "b"), stream(1, "a"), stream(0, "a").fork("b"), stream(0, "a/b")];

  expect(new Set(firsts.map((one) => one.next())).size).toBe(firsts.length);
});

test("fork() depends on names alone, not on what was drawn", () => {
  const parent = stream(3, "training");
  const early = parent.fork("epoch 1").next();
  repeat(10, () => parent.normal());

  const late = parent.fork("epoch 1").next();

  expect(late).toBe(early);
});

test("restore() goes on where state() was taken, through JSON, kept normal draw and forks included", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string(), fc.nat(20), (seed, purpose, draws) => {
      const first = stream(seed, purpose);
      repeat(draws, () => first.normal());
      const second = RandomStream.restore(JSON.parse(JSON.stringify(first.state())));

      const rest = (one: RandomStream) => [one.normal(), one.next(), one.int(97), one.fork("x").next()];
      expect(rest(second)).toEqual(rest(first));
    }),
  );
});

test("int() hits every value equally often", () => {
  const drawn = stream(1, "chi-square");
  const counts = new Array(10).fill(0);

  for (let draw = 0; draw < 100_000; draw++) counts[drawn.int(10)]++;

  // Chi-square with 9 degrees of freedom: 27.9 is its 99.9 % point.
  expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
});

test("int() reaches the values above 2^32, in equal shares", () => {
  const drawn = stream(2, "wide");
  const values = repeat(1000, () => drawn.int(3 * 2 ** 50));

  const thirds = [0, 1, 2].map((third) => values.filter((value) => Math.floor(value / 2 ** 50) === third).length);

  // Three standard deviations of a share of one third in 1,000 draws are 45.
  for (const count of thirds) expect(Math.abs(count - 1000 / 3)).toBeLessThan(45);
});

test("normal() has the moments of the standard normal distribution", () => {
  const drawn = stream(5, "moments");
  const values = repeat(200_000, () => drawn.normal());

  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;

  // Four standard errors: 4 · √(1, 2, 96 / 200,000).
  expect(Math.abs(moment(1))).toBeLessThan(0.009);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.013);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.088);
});

test("shuffle() and sample() keep the elements and leave the list alone", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.nat(), fc.integer(), (list, extra, seed) => {
      const before = [...list];
      const count = extra % (list.length + 1);

      expect(stream(seed, "shuffle").shuffle(list).toSorted()).toEqual(before.toSorted());
      const drawn = stream(seed, "sample").sample(list, count);
      expect(new Set(drawn).size).toBe(count);
      expect(drawn.every((value) => before.includes(value))).toBe(true);
      expect(list).toEqual(before);
    }),
  );
});

test("stream() refuses seeds, bounds and states that make no sense", () => {
  expect(() => stream(0.5, "x")).toThrow('Expected a whole seed for "x", got 0.5');
  expect(() => stream(0, "x").int(0)).toThrow("got 0");
  expect(() => stream(0, "x").int(1.5)).toThrow("got 1.5");
  expect(() => stream(0, "x").pick([])).toThrow("got 0");
  expect(() => stream(0, "x").sample([1], 2)).toThrow("Expected a count of 0 to 1, got 2");
  expect(() => RandomStream.restore({ path: [0, "x"], words: [0, 0, 0, 0], keptNormal: null })).toThrow("not all zero");
});
