import { expect, test } from "vitest";
import { nearest, suggestion } from "./nearest.ts";

const studies = ["mmneedle", "concept-vectors", "rome"];

test.each([
  ["mmnedle", "mmneedle"],
  ["MMNeedle", "mmneedle"],
  ["concept-vector", "concept-vectors"],
  ["roem", "rome"],
])("nearest() takes %s for %s", (typed, meant) => {
  expect(nearest(typed, studies)).toBe(meant);
});

test("nearest() does not guess when nothing is near", () => {
  expect(nearest("photosynthesis", studies)).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});

test("suggestion() offers the near name, or lists what is known", () => {
  expect(suggestion("roem", studies)).toBe('; did you mean "rome"?');
  expect(suggestion("photosynthesis", studies)).toBe("; known: mmneedle, concept-vectors, rome");
});
