import fc from "fast-check";
import { expect, test } from "vitest";
import { colorScale, inkOn, type Palette, seriesStyle } from "./palettes.ts";

test("colorScale() gives the paper's colours at the ends and the middle of mmneedle", () => {
  const color = colorScale("mmneedle", [0, 100]);

  expect([0, 50, 100].map(color)).toEqual(["rgb(240, 73, 110)", "rgb(235, 184, 57)", "rgb(12, 215, 159)"]);
});

test("colorScale() keeps to the colours at its ends for values outside", () => {
  const color = colorScale("cividis", [0, 1]);

  expect([color(-5), color(5)]).toEqual([color(0), color(1)]);
});

test("inkOn() can be read on every colour of every palette", () => {
  const palettes = fc.constantFrom<Palette>("cividis", "viridis", "blues", "mmneedle");

  fc.assert(
    fc.property(palettes, fc.double({ min: 0, max: 1, noNaN: true }), (palette, value) => {
      const background = colorScale(palette, [0, 1])(value);

      expect(contrast(background, inkOn(background))).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

test("seriesStyle() tells any two of the first series apart without colour", () => {
  const styles = Array.from({ length: 24 }, (_, at) => seriesStyle(at)).map(({ dash, symbol }) => `${dash} ${symbol}`);

  expect(new Set(styles).size).toBe(24);
});

/** WCAG's contrast ratio, written out again. */
function contrast(one: string, other: "#000" | "#fff"): number {
  const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
  const [red, green, blue] = (one.startsWith("#") ? hexChannels(one) : one.match(/\d+/g)!.map(Number)).map((c) =>
    linear(c / 255),
  ) as [number, number, number];
  const [dark, light] = [0.2126 * red + 0.7152 * green + 0.0722 * blue, other === "#000" ? 0 : 1].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

const hexChannels = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
