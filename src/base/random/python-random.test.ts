import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PythonRandom } from "./python-random.ts";

interface Case {
  readonly seed: { readonly kind: "int" | "str" | "bytes"; readonly text: string };
  readonly getrandbits: [number, number][];
  readonly random: number[];
  readonly randint: number[];
  readonly randrange: number[];
  readonly choice: string[];
  readonly uniform: number[];
  readonly gauss: number[];
  readonly choices: number[];
  readonly weightedChoices: string[];
  readonly shuffle: number[];
  readonly sample: [number, number, number[]][];
  readonly after: number;
}

const golden: { cases: Case[]; longRun: { seed: number; at: number; getrandbits32: number } } = JSON.parse(
  readFileSync(new URL("../../../test/golden/base/python-random.golden.json", import.meta.url), "utf8"),
);

const range = (size: number): number[] => Array.from({ length: size }, (_, at) => at);

function seeded({ kind, text }: Case["seed"]): PythonRandom {
  if (kind === "bytes") return new PythonRandom(Buffer.from(text, "hex"));
  if (kind === "str") return new PythonRandom(text);
  return new PythonRandom(BigInt(text));
}

/** What the generator script draws, in its order; each draw moves those after it. */
function drawsOf(random: PythonRandom, { getrandbits, sample }: Case): Omit<Case, "seed"> {
  return {
    getrandbits: getrandbits.map(([bits]) => [bits, random.getrandbits(bits)]),
    random: range(4).map(() => random.random()),
    randint: INTERVALS.map(([low, high]) => random.randint(low, high)),
    randrange: RANGES.map(([start, stop, step]) => random.randrange(start, stop, step)),
    choice: range(8).map(() => random.choice("abcdefg")),
    uniform: range(3).map(() => random.uniform(-2.5, 4)),
    gauss: range(5).map(() => random.gauss(1.5, 2)),
    choices: random.choices(range(100), { count: 6 }),
    weightedChoices: random.choices("xyz", { weights: [1, 0.5, 3], count: 8 }),
    shuffle: shuffled(random, 12),
    sample: sample.map(([size, count]) => [size, count, random.sampleRange(size, count)]),
    after: random.random(),
  };
}

const INTERVALS: readonly [number, number][] = [
  [0, 0],
  [0, 3],
  [-5, 5],
  [1, 40504],
  [0, 2 ** 40],
];

const RANGES: readonly [number, number?, number?][] = [[7], [3, 9], [0, 10, 3], [10, 0, -3], [-4, 2 ** 50, 7]];

function shuffled(random: PythonRandom, size: number): number[] {
  const list = range(size);
  random.shuffle(list);
  return list;
}

test.each(golden.cases.map((one) => [`${one.seed.kind} "${one.seed.text}"`, one] as const))(
  "PythonRandom draws what CPython draws from seed %s",
  (_, expected) => {
    const { gauss, ...drawn } = drawsOf(seeded(expected.seed), expected);

    expect({ seed: expected.seed, gauss: expected.gauss, ...drawn }).toEqual(expected);
    for (const [at, value] of gauss.entries()) expect(value).toBeCloseTo(expected.gauss[at]!, 14);
  },
);

test("PythonRandom stays in step with CPython over a long run", () => {
  const { seed, at, getrandbits32 } = golden.longRun;
  const random = new PythonRandom(seed);
  let word = 0;

  for (let step = 0; step < at; step++) word = random.getrandbits(32);

  expect(word).toBe(getrandbits32);
});

test("PythonRandom seeds alike from a number, its negative and a bigint, as CPython does", () => {
  const first = (seed: number | bigint) => new PythonRandom(seed).random();

  expect(first(-7)).toBe(first(7));
  expect(first(7n)).toBe(first(7));
});

test("sample() returns different elements of the population", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), fc.integer(), (size, extra, seed) => {
      const count = size === 0 ? 0 : extra % (size + 1);
      const drawn = new PythonRandom(seed).sample(range(size), count);
      expect(new Set(drawn).size).toBe(count);
      expect(drawn.every((value) => value >= 0 && value < size)).toBe(true);
    }),
  );
});

test("PythonRandom refuses what CPython refuses, and what would lose bits", () => {
  const random = new PythonRandom(0);

  expect(() => random.sample([1, 2], 3)).toThrow("Expected a count of 0 to 2, got 3");
  expect(() => random.choice([])).toThrow("Expected a range");
  expect(() => random.randint(3, 2)).toThrow("Expected a range");
  expect(() => random.getrandbits(54)).toThrow("0 to 53 bits");
  expect(() => random.choices([1, 2], { weights: [0, 0] })).toThrow("positive sum");
  expect(() => random.choices([1, 2], { weights: [1] })).toThrow("2 weights");
  expect(() => random.choices([])).toThrow("got an empty one");
  expect(() => random.randrange(0, 5, 0)).toThrow("whole numbers");
  expect(() => new PythonRandom(0.5)).toThrow("whole seed");
});

const sharedPath = `${process.env.ASSAY_SHARED ?? "../shared"}/data/mmneedle/python_random_golden.json`;
const published = existsSync(sharedPath) ? JSON.parse(readFileSync(sharedPath, "utf8")) : {};

function fromSeedZero(times: number, draw: (random: PythonRandom) => unknown): unknown[] {
  const random = new PythonRandom(0);
  return range(times).map(() => draw(random));
}

describe.skipIf(!existsSync(sharedPath))("with MMNeedle's draws in ASSAY_SHARED, PythonRandom", () => {
  test("agrees in getrandbits(), random() and choice()", () => {
    expect(fromSeedZero(20, (random) => random.getrandbits(32))).toEqual(published.getrandbits32_first20);
    expect(fromSeedZero(5, (random) => random.random())).toEqual(published.random_first5);
    expect(fromSeedZero(10, (random) => random.choice(range(40500)))).toEqual(published.choice_of_40500_first10);
  });

  test.each([3, 9, 15, 39, 63, 159, 639])("agrees in randint(0, %i)", (high) => {
    expect(fromSeedZero(40, (random) => random.randint(0, high))).toEqual(published[`randint_0_${high}_first40`]);
  });

  test.each([
    { size: 40504, count: 1, times: 10 },
    { size: 40504, count: 4, times: 10 },
    { size: 40504, count: 16, times: 4 },
    { size: 40504, count: 64, times: 2 },
    { size: 10000, count: 10, times: 6 },
  ])("agrees in sample(range($size), $count)", ({ size, count, times }) => {
    const key = `sample_range${size}_k${count}_first${times}`;
    expect(fromSeedZero(times, (random) => random.sampleRange(size, count))).toEqual(published[key]);
  });

  test("agrees in sample(range(40504), 10000)", () => {
    const drawn = new PythonRandom(0).sampleRange(40504, 10000);
    expect(drawn.slice(0, 20)).toEqual(published.sample_range40504_k10000_head20);
    expect(drawn.slice(-5)).toEqual(published.sample_range40504_k10000_tail5);
  });

  test("agrees where sample() and randint() interleave, as in the index of ten pictures", () => {
    const draw = (random: PythonRandom) => ({
      sequence_positions: random.sampleRange(10000, 10),
      j: random.randint(0, 639),
    });
    expect(fromSeedZero(6, draw)).toEqual(published.interleaved_M10_N8_first6);
  });
});
