import { expect, test } from "vitest";
import { spanOf, spanWithZero } from "./axes.ts";

test("spanOf() spans what is drawn, and leaves zero out of a log axis", () => {
  expect(spanOf({ label: "x" }, [3, -1, 2])).toEqual([-1, 3]);
  expect(spanOf({ label: "x", log: true }, [0, 10, 1000])).toEqual([10, 1000]);
});

test("spanOf() has a width even for one value or none", () => {
  expect(spanOf({ label: "x" }, [5])).toEqual([4, 6]);
  expect(spanOf({ label: "x", log: true }, [4])).toEqual([2, 8]);
  expect(spanOf({ label: "x" }, [])).toEqual([0, 1]);
});

test("spanWithZero() holds zero unless told otherwise", () => {
  expect(spanWithZero({ label: "x" }, [40, 60])).toEqual([0, 60]);
  expect(spanWithZero({ label: "x", domain: [30, 70] }, [40, 60])).toEqual([30, 70]);
});
