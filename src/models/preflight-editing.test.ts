import { expect, test } from "vitest";
import { productSpeed } from "./preflight.ts";
import { predictEditing } from "./preflight-editing.ts";

const mistral = { config: { intermediateSize: 14_336 }, parameters: 7_241_732_096 };

test("predictEditing() asks for the model in float32 and one layer's statistics", () => {
  const { memoryBytes } = predictEditing(mistral, { edits: 1, flopsPerSecond: 1e11 });

  expect(memoryBytes).toBe(4 * 7_241_732_096 + 16 * 14_336 ** 2);
});

test("predictEditing() grows with edits and steps, and shrinks with speed", () => {
  const seconds = (edits: number, steps: number, flopsPerSecond: number) =>
    predictEditing(mistral, { edits, steps, flopsPerSecond }).seconds;

  expect(seconds(2, 25, 1e11)).toBeCloseTo(2 * seconds(1, 25, 1e11), 6);
  expect(seconds(1, 50, 1e11)).toBeGreaterThan(seconds(1, 25, 1e11));
  expect(seconds(1, 25, 2e11)).toBeCloseTo(seconds(1, 25, 1e11) / 2, 6);
});

test("productSpeed() measures something", async () => {
  expect(await productSpeed({ hiddenSize: 32, intermediateSize: 64 }, 8)).toBeGreaterThan(0);
});
