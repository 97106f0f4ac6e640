import { expect, test } from "vitest";
import { wrapped } from "./wrapped.ts";

test("wrapped() breaks between words, within the width, and indents every line", () => {
  expect(wrapped("one two three", { width: 9, indent: "  " })).toBe("  one two\n  three");
});

test("wrapped() counts what a terminal shows and leaves a long word whole", () => {
  expect(wrapped("模型 模型 abcdefghijkl", { width: 9 })).toBe("模型 模型\nabcdefghijkl");
});
