import { expect, test } from "vitest";
import { combinationsOf } from "./matrix.ts";

test("combinationsOf() multiplies lists, leaves out and includes", () => {
  const found = combinationsOf({
    os: ["a", "b"],
    node: [1, 2],
    exclude: [{ os: "b", node: 1 }],
    include: [
      { os: "a", extra: true },
      { os: "c", node: 3 },
    ],
  });

  expect(found).toEqual([
    { os: "a", node: 1, extra: true },
    { os: "a", node: 2, extra: true },
    { os: "b", node: 2 },
    { os: "c", node: 3 },
  ]);
});

test("combinationsOf() gives one combination without a matrix", () => {
  expect(combinationsOf()).toEqual([{}]);
  expect(combinationsOf({ include: [{ a: 1 }] })).toEqual([{ a: 1 }]);
});
