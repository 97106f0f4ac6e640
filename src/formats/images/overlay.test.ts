import { expect, test } from "vitest";
import { heatTints, overlayColors, tintPatches } from "./overlay.ts";

const pixels = { data: new Uint8Array(4 * 2 * 3).fill(100), width: 4, height: 2 };

test("tintPatches() lays each tint over its patch of a picture that is blown up", () => {
  const tints = [
    { color: [200, 0, 0], strength: 1 },
    { color: [0, 200, 0], strength: 0.5 },
  ] as const;

  const { data, width, height } = tintPatches(pixels, { grid: [1, 2], tints });

  expect([width, height]).toEqual([384, 192]);
  const at = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  expect([at(0, 0), at(191, 191), at(192, 0)]).toEqual([
    [200, 0, 0],
    [200, 0, 0],
    [50, 150, 50],
  ]);
  expect(() => tintPatches(pixels, { grid: [2, 2], tints })).toThrow("Expected 4 tints for 2 × 2 patches, got 2");
});

test("heatTints() colours what speaks for and against, the largest strongest", () => {
  const [one, other, none] = heatTints([2, -1, 0]);

  expect([one!.color, other!.color]).toEqual([overlayColors[1], overlayColors[0]]);
  expect([one!.strength, other!.strength, none!.strength]).toEqual([0.75, 0.375, 0]);
  expect(heatTints([0]).map(({ strength }) => strength)).toEqual([0]);
});
