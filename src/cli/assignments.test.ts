import { expect, test } from "vitest";
import { collectAssignment, positiveNumber, wholeNumber } from "./assignments.ts";

test("collectAssignment() keeps everything after the first equals sign", () => {
  expect(collectAssignment("prompt=a=b", { side: "2" })).toEqual({ side: "2", prompt: "a=b" });
});

test("collectAssignment() refuses a setting without a value and one given twice", () => {
  expect(() => collectAssignment("side")).toThrow("--set name=value");
  expect(() => collectAssignment("side=2", { side: "4" })).toThrow("twice");
});

test("wholeNumber() and positiveNumber() name the option and what came", () => {
  expect(wholeNumber("--limit", 1)("12")).toBe(12);
  expect(() => wholeNumber("--limit", 1)("0")).toThrow('--limit to be a whole number of at least 1, got "0"');
  expect(() => wholeNumber("--limit")("")).toThrow("--limit");
  expect(() => positiveNumber("--budget")("-1")).toThrow("--budget");
});
