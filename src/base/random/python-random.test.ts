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

test.each(golden.cases.map((one) => [`${one.seed.kind} "${one.seed.text}"`, one] as const))(
  "PythonRandom draws what CPython draws from seed %s",
  (_, expected) => {
    const random = seeded(expected.seed);

    expect(expected.getrandbits.map(([bits]) => [bits, random.getrandbits(bits)])).toEqual(expected.getrandbits);
    expect(range(4).map(() => random.random())).toEqual(expected.random);
    expect([
      random.randint(0, 0),
      random.randint(0, 3),
      random.randint(-5, 5),
      random.randint(1, 40504),
      random.randint(0, 2 ** 40),
    ]).toEqual(expected.randint);
    expect([
      random.randrange(7),
      random.randrange(3, 9),
      random.randrange(0, 10, 3),
      random.randrange(10, 0, -3),
      random.randrange(-4, 2 ** 50, 7),
    ]).toEqual(expected.randrange);
    expect(range(8).map(() => random.choice("abcdefg"))).toEqual(expected.choice);
    expect(range(3).map(() => random.uniform(-2.5, 4))).toEqual(expected.uniform);
    for (const value of expected.gauss) expect(random.gauss(1.5, 2)).toBeCloseTo(value, 14);
    expect(random.choices(range(100), { count: 6 })).toEqual(expected.choices);
    expect(random.choices("xyz", { weights: [1, 0.5, 3], count: 8 })).toEqual(expected.weightedChoices);
    const shuffled = range(12);
    random.shuffle(shuffled);
    expect(shuffled).toEqual(expected.shuffle);
    expect(expected.sample.map(([size, count]) => [size, count, random.sampleRange(size, count)])).toEqual(
      expected.sample,
    );
    expect(random.random()).toBe(expected.after);
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

describe.skipIf(!existsSync(sharedPath))(
  "PythonRandom against the MMNeedle draws (skipped without ASSAY_SHARED)",
  () => {
    const expected = existsSync(sharedPath) ? JSON.parse(readFileSync(sharedPath, "utf8")) : {};
    const repeated = (count: number, draw: (random: PythonRandom) => unknown) => {
      const random = new PythonRandom(0);
      return range(count).map(() => draw(random));
    };

    test("getrandbits(), random() and choice() agree", () => {
      expect(repeated(20, (random) => random.getrandbits(32))).toEqual(expected.getrandbits32_first20);
      expect(repeated(5, (random) => random.random())).toEqual(expected.random_first5);
      expect(repeated(10, (random) => random.choice(range(40500)))).toEqual(expected.choice_of_40500_first10);
    });

    test.each([3, 9, 15, 39, 63, 159, 639])("randint(0, %i) agrees", (high) => {
      expect(repeated(40, (random) => random.randint(0, high))).toEqual(expected[`randint_0_${high}_first40`]);
    });

    test.each([
      [40504, 1, 10],
      [40504, 4, 10],
      [40504, 16, 4],
      [40504, 64, 2],
      [10000, 10, 6],
    ])("sample(range(%i), %i) agrees", (size, count, times) => {
      const key = `sample_range${size}_k${count}_first${times}`;
      expect(repeated(times, (random) => random.sampleRange(size, count))).toEqual(expected[key]);
    });

    test("sample(range(40504), 10000) agrees", () => {
      const drawn = new PythonRandom(0).sampleRange(40504, 10000);
      expect(drawn.slice(0, 20)).toEqual(expected.sample_range40504_k10000_head20);
      expect(drawn.slice(-5)).toEqual(expected.sample_range40504_k10000_tail5);
    });

    test("sample() and randint() interleave as in the index of ten pictures", () => {
      const drawn = repeated(6, (random) => ({
        sequence_positions: random.sampleRange(10000, 10),
        j: random.randint(0, 639),
      }));
      expect(drawn).toEqual(expected.interleaved_M10_N8_first6);
    });
  },
);
