import { expect, test } from "vitest";
import { ConfigReader } from "./config-reader.ts";
import { readRotary, rotaryFrequencies } from "./rotary.ts";

const base = 500_000;
const llama3 = {
  kind: "llama3",
  factor: 8,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalContextLength: 8192,
} as const;

test("rotaryFrequencies() fall from one, evenly in their logarithms", () => {
  const [first, second, third] = rotaryFrequencies({ base: 10_000, size: 8, scaling: null });

  expect([first, second, third]).toEqual([1, expect.closeTo(0.1, 7), expect.closeTo(0.01, 8)]);
});

test("rotaryFrequencies() with linear scaling are divided", () => {
  const plain = rotaryFrequencies({ base, size: 8, scaling: null });
  const scaled = rotaryFrequencies({ base, size: 8, scaling: { kind: "linear", factor: 4 } });

  expect([...scaled]).toEqual([...plain].map((frequency) => frequency / 4));
});

test("rotaryFrequencies() with Llama 3's scaling keep fast turns, slow slow ones by the factor, and go over between", () => {
  const plain = rotaryFrequencies({ base, size: 128, scaling: null });
  const scaled = rotaryFrequencies({ base, size: 128, scaling: llama3 });

  const ratios = [...scaled].map((frequency, at) => frequency / plain[at]!);
  const between = ratios.filter((ratio) => ratio < 1 && ratio > 0.1251);
  expect(ratios[0]).toBe(1);
  expect(ratios.at(-1)).toBeCloseTo(1 / 8, 6);
  expect(between.length).toBeGreaterThan(3);
  expect(ratios.toSorted((a, b) => b - a)).toEqual(ratios);
});

test("rotaryFrequencies() with YaRN keep pairs that turn often, slow those that turn seldom, and go over evenly between", () => {
  const plain = rotaryFrequencies({ base: 10_000, size: 128, scaling: null });
  const yarn = {
    kind: "yarn",
    factor: 4,
    fastTurns: 32,
    slowTurns: 1,
    originalContextLength: 4096,
    stretch: 1,
  } as const;

  const scaled = rotaryFrequencies({ base: 10_000, size: 128, scaling: yarn });

  const ratios = [...scaled].map((frequency, at) => frequency / plain[at]!);
  // 128 ln(4096 / 2π · 32) / 2 ln 10,000 = 20.9, and 45.03 for one turn.
  expect(ratios.slice(0, 21)).toEqual(Array(21).fill(1));
  expect(ratios[33]).toBeCloseTo(1 - (13 / 26) * (3 / 4), 5);
  for (const ratio of ratios.slice(46)) expect(ratio).toBeCloseTo(1 / 4, 6);
});

test("readRotary() reads YaRN's defaults, and refuses what it does not know", () => {
  const read = (more: object) =>
    readRotary(
      new ConfigReader("llama", {
        rope_scaling: { type: "yarn", factor: 4, original_max_position_embeddings: 32_768, ...more },
      }),
      128,
    ).scaling;

  expect(read({})).toEqual({
    kind: "yarn",
    factor: 4,
    fastTurns: 32,
    slowTurns: 1,
    originalContextLength: 32_768,
    stretch: 0.1 * Math.log(4) + 1,
  });
  expect(() => read({ mscale: 0.7 })).toThrow('"rope_scaling.mscale"');
  expect(() => read({ type: "dynamic" })).toThrow('got "dynamic"');
});
