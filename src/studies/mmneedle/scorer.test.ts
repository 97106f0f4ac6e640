import fc from "fast-check";
import { expect, test } from "vitest";
import { scoreSample } from "./scorer.ts";
import { readTruth, writeAnswer, writeTruth } from "./truth.ts";

const one = (response: string | null, truth = "3, 2, 4") => scoreSample({ needles: 1, truth, response });
const two = (response: string, truth = "1, 2, 8; 10, 3, 5") => scoreSample({ needles: 2, truth, response });

test("scoreSample() takes full stops, spaces and line feeds off an answer before comparing", () => {
  for (const response of ["3, 2, 4", "..3, 2, 4..", "3, 2,\n 4", " 3, 2, 4. "]) {
    expect(one(response), response).toEqual({ existence: 1, index: 1, exact: 1 });
  }
});

test("scoreSample() knows no other way to write a place", () => {
  for (const response of ["3,2,4", "(3, 2, 4)", "Answer: 3, 2, 4", "03, 02, 04", "3 2 4", ""]) {
    expect(one(response), response).toEqual({ existence: 1, index: 0, exact: 0 });
  }
});

test("scoreSample() takes anything but -1 as a claim that the needle is there", () => {
  const claims = ["-1, -1, -1", "−1", "No match. -1", "", "- 1"].map((response) => one(response, "0, 0, 0"));

  expect(claims).toEqual(claims.map(() => ({ existence: 0, index: null, exact: null })));
  expect(one("-1.", "0, 0, 0")).toEqual({ existence: 1, index: null, exact: null });
});

test("scoreSample() has nothing to say of a missing answer", () => {
  expect(one(null)).toBeNull();
});

test("scoreSample() wants several needles in the order of their captions", () => {
  expect(two("1, 2, 8; 10, 3, 5")).toMatchObject({ index: 1, exact: 1, allExact: 1 });
  expect(two("10, 3, 5; 1, 2, 8")).toMatchObject({ index: 0, exact: 0, allExact: 0 });
  expect(two("1, 2, 8;10, 3, 5")).toMatchObject({ index: 0, exact: 0, firstIndex: 1, firstExact: 0, compared: 1 });
});

test("scoreSample() recognizes five signs of absence for several needles", () => {
  const absent = "0, 0, 0; 0, 0, 0";
  for (const sign of ["-1", "-1; -1", "-1, -1", "-1, -1, -1; -1, -1, -1", "-1-1"]) {
    expect(two(sign, absent)?.existence, sign).toBe(1);
  }
  for (const sign of ["-1;-1", "-1;\n-1", "-1; -1; -1"]) expect(two(sign, absent)?.existence, sign).toBe(0);
});

test("scoreSample() judges any answer by numbers from 0 to 1", () => {
  const place = fc.option(fc.record({ picture: natural(), row: natural(), column: natural() }));
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 5 }), fc.string({ unit: "binary" }), (places, response) => {
      const score = scoreSample({ needles: places.length, truth: writeTruth(places), response })!;
      const { compared: _, ...shares } = score;
      for (const share of Object.values(shares)) expect(share === null || (share >= 0 && share <= 1)).toBe(true);
    }),
  );
});

test("scoreSample() gives full marks to the places themselves", () => {
  const place = fc.record({ picture: natural(), row: natural(), column: natural() });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 5 }), (places) => {
      const response = places.map(writeAnswer).join("; ");
      const score = scoreSample({ needles: places.length, truth: writeTruth(places), response });
      expect(score).toMatchObject({ existence: 1, index: 1, exact: 1 });
    }),
  );
});

test("scoreSample() is quick with an answer of a hundred thousand spaces", () => {
  const response = `3, 2, 4${" ".repeat(100_000)}x`;

  expect(one(response)).toEqual({ existence: 1, index: 1, exact: 0 });
});

test("readTruth() reads what writeTruth() writes, and refuses any other form", () => {
  const places = [{ picture: 10, row: 3, column: 5 }, null];

  expect(readTruth(writeTruth(places), 2)).toEqual(places);
  for (const truth of ["-1", "3,2,4", "3, 2, 4;", "1, 1, 1; 1, 1, 1", ""]) {
    expect(() => readTruth(truth, 1), truth).toThrow("Expected a truth");
  }
});

const natural = () => fc.integer({ min: 1, max: 20 });
