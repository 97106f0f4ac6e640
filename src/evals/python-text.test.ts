import { expect, test } from "vitest";
import { isSpace, splitWords, strip, stripEnd, wordsAndPunctuation } from "./python-text.ts";

/** What Python 3.11 says of every code point: `[c for c in range(0x110000) if chr(c).isspace()]`. */
const pythonSpaces = [
  ...[9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760],
  ...[8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288],
];

test("isSpace() agrees with str.isspace() on every code point", () => {
  const ours = Array.from({ length: 0x110000 }, (_, at) => at).filter(isSpace);

  expect(ours).toEqual(pythonSpaces);
});

test("splitWords() and strip() go by Python's white space, not by JavaScript's", () => {
  expect(splitWords("\x1ca\x85b\ufeffc\u3000")).toEqual(["a", "b\ufeffc"]);
  expect(strip("\x1f\ufeff a\x85")).toBe("\ufeff a");
  expect(stripEnd(" a\n\x1d")).toBe(" a");
  expect([splitWords(""), splitWords(" \n"), strip(" \t")]).toEqual([[], [], ""]);
});

test("stripEnd() stays linear on long inner white space", () => {
  const text = `a${" ".repeat(200_000)}b`;

  expect(strip(text)).toBe(text);
});

test("wordsAndPunctuation() keeps words of any script together and marks apart", () => {
  expect(wordsAndPunctuation("naïve_x: 你好，½²!")).toEqual(["naïve_x", ":", "你好", "，", "½²", "!"]);
  expect(wordsAndPunctuation(" \x85")).toEqual([]);
});
