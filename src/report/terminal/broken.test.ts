import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { brokenLines } from "./broken.ts";

test("brokenLines() breaks between words, and a word only where it is wider than a line", () => {
  expect(brokenLines("one two abcdefgh", { width: 5 })).toEqual(["one", "two", "abcde", "fgh"]);
});

test("brokenLines() never parts a letter from its accent or a family, and counts a wide character as two", () => {
  expect(brokenLines("e\u0301e\u0301e\u0301", { width: 2 })).toEqual(["e\u0301e\u0301", "e\u0301"]);
  expect(brokenLines("👩‍👩‍👧👩‍👩‍👧", { width: 3 })).toEqual(["👩‍👩‍👧", "👩‍👩‍👧"]);
  expect(brokenLines("模型模型", { width: 5 })).toEqual(["模型", "模型"]);
});

test("brokenLines() moves what follows the first line to the right where there is room", () => {
  expect(brokenLines("first second third", { width: 12, hangs: true })).toEqual(["first second", "  third"]);
  expect(brokenLines("one two", { width: 4, hangs: true })).toEqual(["one", "two"]);
});

test("brokenLines() stays within any width and loses nothing but spaces", () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "模", "e\u0301", "-") });

  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), fc.boolean(), (given, width, hangs) => {
      const lines = brokenLines(given, { width, hangs });

      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join("").replaceAll(" ", "")).toBe(given.replaceAll(" ", ""));
    }),
  );
});
