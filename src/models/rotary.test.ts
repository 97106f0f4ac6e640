import { expect, test } from "vitest";
import { rotaryFrequencies } from "./rotary.ts";

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
