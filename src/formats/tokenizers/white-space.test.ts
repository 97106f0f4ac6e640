import { expect, test } from "vitest";
import { AddedTokenFinder } from "./added-tokens.ts";
import { aligned } from "./aligned-text.ts";
import { normalizerOf } from "./normalizers.ts";

/** A pattern that begins anew at each of them would take minutes. */
const gap = " ".repeat(1_000_000);

test("AddedTokenFinder takes a long gap with a token, and passes one that is not before it", () => {
  const finder = new AddedTokenFinder(new Map([["<m>", { id: 0, content: "<m>", lstrip: true }]]));

  const sections = finder.split(`a${gap}b${gap}\u2003<m>`);

  expect(sections).toMatchObject([
    { start: 0, end: gap.length + 2 },
    { start: gap.length + 2, end: 2 * gap.length + 6 },
  ]);
});

test("The normalizer Strip takes spaces from both ends, or the one that it names, and keeps places", () => {
  const strip = (left: boolean, right: boolean) =>
    normalizerOf({ type: "Strip", strip_left: left, strip_right: right });
  const text = aligned(` a${gap}b\u3000`, { track: false });

  expect(strip(true, true)(text).text.length).toBe(gap.length + 2);
  expect(strip(true, false)(text).text.at(-1)).toBe("\u3000");
  expect(strip(false, true)(text).text[0]).toBe(" ");
  expect(strip(true, true)(aligned("  ", { track: true }))).toEqual({ text: "", origin: { from: [], to: [] } });
  expect(strip(true, true)(aligned(" a ", { track: true }))).toEqual({ text: "a", origin: { from: [1], to: [2] } });
});
