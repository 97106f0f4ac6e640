import fc from "fast-check";
import { expect, test } from "vitest";
import { placeKeys } from "./key.ts";

const frame = { top: 20, right: 100, bottom: 40, left: 40, width: 480, height: 320 };
const place = (ends: readonly number[]) => {
  const series = ends.map((y, at) => ({ name: `s${at}`, points: [{ x: 1, y }] }));
  return placeKeys(series, { frame, axis: { label: "y" }, span: [0, 100] });
};

test("placeKeys() puts a name where its line ends", () => {
  expect(place([100, 0])).toEqual([
    { at: 0, y: 20 },
    { at: 1, y: 280 },
  ]);
});

test("placeKeys() never lets names cover each other or leave the frame while they fit into it", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -20, max: 120, noNaN: true }), { maxLength: 14 }), (ends) => {
      const heights = place(ends).map(({ y }) => y);

      const gaps = heights.slice(1).map((y, at) => y - heights[at]!);
      expect(gaps.every((gap) => gap >= 16.999)).toBe(true);
      expect(heights.every((y) => y >= 19.999 && y <= 280.001)).toBe(true);
    }),
  );
});
