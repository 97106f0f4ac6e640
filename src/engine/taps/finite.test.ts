import { expect, test } from "vitest";
import { tensor } from "#base";
import { isAllFinite } from "./non-finite.ts";

test.each([
  [[1, -2, 3e38, 3e38], true],
  [[1, Number.NaN], false],
  [[Number.NEGATIVE_INFINITY], false],
  [[], true],
])("isAllFinite() of %j is %s", (values, expected) => {
  expect(isAllFinite(tensor([values.length], values))).toBe(expected);
});

test("isAllFinite() holds for every integer tensor", () => {
  expect(isAllFinite(tensor([1], [1], "int64"))).toBe(true);
});
