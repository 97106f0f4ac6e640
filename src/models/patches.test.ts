import { expect, test } from "vitest";
import { interpolation } from "./patches.ts";

test("interpolation() between equal grids changes nothing, and keeps what is even", () => {
  const same = interpolation([2, 3], [2, 3]);
  const other = interpolation([2, 3], [5, 4]);

  expect([...same.data]).toEqual(Array.from({ length: 36 }, (_, at) => (Math.floor(at / 6) === at % 6 ? 1 : 0)));
  for (let row = 0; row < 20; row++) {
    const sum = other.data.slice(row * 6, row * 6 + 6).reduce((total, weight) => total + weight, 0);
    expect(sum).toBeCloseTo(1, 6);
  }
});
