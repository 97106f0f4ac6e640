import fc from "fast-check";
import { expect, test } from "vitest";
import { parseLenient } from "./parser-lenient.ts";
import { type Place, writeAnswer } from "./truth.ts";

const place = { picture: 3, row: 2, column: 4 };
const other = { picture: 10, row: 3, column: 5 };

test("parseLenient() reads one place in any dress", () => {
  for (const response of [
    "3, 2, 4",
    "3,2,4",
    "(3, 2, 4)",
    "'3, 2, 4'",
    "**3, 2, 4**",
    "Answer: 3, 2, 4",
    "03, 02, 04",
    "3 2 4",
    "3; 2; 4",
    "index: 3, row: 2, column: 4",
    "The subimage is in image 3, row 2, column 4.",
    "3.0, 2, 4",
    "3, 2, 4\nIt shows a dog.",
    "```\n3, 2, 4\n```",
    "Index 3 | Row 2 | Col 4",
    "３，２，４",
  ]) {
    expect(parseLenient(response, 1), response).toEqual([place]);
  }
});

test("parseLenient() reads one absent needle", () => {
  for (const response of [
    "-1",
    "−1",
    "- 1",
    "'-1'",
    "-1, -1, -1",
    "No match found. -1",
    "I could not find it.",
    "None",
  ]) {
    expect(parseLenient(response, 1), response).toEqual([null]);
  }
});

test("parseLenient() gives up on what it would have to guess", () => {
  for (const response of [
    "",
    "...",
    "3",
    "3, 2",
    "3, 2, 4, 5",
    "3, 2, 4 or 1, 1, 1",
    "0, 0, 0",
    "3.5, 2, 4",
    "index_1, row_1, column_1",
    "A dog",
  ]) {
    expect(parseLenient(response, 1), response).toBeNull();
  }
});

test("parseLenient() reads several needles in the order of their captions", () => {
  for (const response of [
    "3, 2, 4; 10, 3, 5",
    "3,2,4;10,3,5",
    "3, 2, 4\n10, 3, 5",
    "1. 3, 2, 4\n2. 10, 3, 5",
    "- 3, 2, 4\n- 10, 3, 5",
    "Caption_1: 3, 2, 4\nCaption_2: 10, 3, 5",
    "Caption 1: (3, 2, 4), Caption 2: (10, 3, 5)",
    "[[3, 2, 4], [10, 3, 5]]",
  ]) {
    expect(parseLenient(response, 2), response).toEqual([place, other]);
  }
  expect(parseLenient("- 1, 2, 8", 1)).toEqual([{ picture: 1, row: 2, column: 8 }]);
  expect(parseLenient("3, 2, 4", 2)).toBeNull();
});

test("parseLenient() reads absent needles among present ones", () => {
  expect(parseLenient("3, 2, 4; -1", 2)).toEqual([place, null]);
  expect(parseLenient("-1, -1, -1; 3, 2, 4", 2)).toEqual([null, place]);
  expect(parseLenient("-1\n-1", 2)).toEqual([null, null]);
  expect(parseLenient("-1", 5)).toEqual([null, null, null, null, null]);
  expect(parseLenient("-1, -1, -1; -1, -1, -1", 2)).toEqual([null, null]);
});

test("parseLenient() reads every answer in the asked form", () => {
  const natural = fc.integer({ min: 1, max: 99 });
  const any = fc.option(fc.record({ picture: natural, row: natural, column: natural }));
  fc.assert(
    fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), (places: Place[]) => {
      expect(parseLenient(places.map(writeAnswer).join("; "), places.length)).toEqual(places);
    }),
  );
});

test("parseLenient() survives any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 5 }), (response, needles) => {
      const places = parseLenient(response, needles);
      expect(places === null || places.length === needles).toBe(true);
    }),
  );
});
