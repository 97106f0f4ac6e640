import { expect, test } from "vitest";
import { scoreSample } from "./scorer.ts";
import { scoreLenient } from "./scorer-lenient.ts";

const one = (response: string | null, truth = "3, 2, 4") => scoreLenient({ needles: 1, truth, response });

test("scoreLenient() sees the right place in the wrong form, and says that the form was wrong", () => {
  const response = "Answer: (3,2,4)";

  expect(scoreSample({ needles: 1, truth: "3, 2, 4", response })).toEqual({ existence: 1, index: 0, exact: 0 });
  expect(one(response)).toEqual({ existence: 1, index: 1, exact: 1, readable: 1, formatFailure: 1 });
  expect(one("3, 2, 4.")).toMatchObject({ exact: 1, formatFailure: 0 });
});

test("scoreLenient() counts a wrong place in the right form as wrong, not as a format failure", () => {
  expect(one("3, 9, 9")).toEqual({ existence: 1, index: 1, exact: 0, readable: 1, formatFailure: 0 });
});

test("scoreLenient() gives nothing for an answer that cannot be read", () => {
  expect(one("A dog")).toEqual({ existence: 0, index: 0, exact: 0, readable: 0, formatFailure: 0 });
  expect(one("A dog", "0, 0, 0")).toEqual({ existence: 0, index: null, exact: null, readable: 0, formatFailure: 0 });
  expect(one(null)).toBeNull();
});

test("scoreLenient() accepts a denial for an absent needle", () => {
  expect(one("No match found.", "0, 0, 0")).toMatchObject({ existence: 1, formatFailure: 1 });
  expect(one("No match found.")).toMatchObject({ existence: 0, index: 0, exact: 0 });
});

test("scoreLenient() wants all of several needles", () => {
  const two = (response: string) => scoreLenient({ needles: 2, truth: "1, 2, 8; 10, 3, 5", response });

  expect(two("1, 2, 8\n10, 3, 5")).toMatchObject({ index: 1, exact: 1, formatFailure: 1 });
  expect(two("1, 2, 8; 10, 3, 4")).toMatchObject({ index: 1, exact: 0, formatFailure: 0 });
  expect(two("1, 2, 8; -1")).toMatchObject({ existence: 1, index: 0, exact: 0, formatFailure: 0 });
});
