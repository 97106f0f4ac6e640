import fc from "fast-check";
import { expect, test } from "vitest";
import { visible, visibleLine } from "./visible.ts";

/** Any 16-bit units in a row: control characters and lone surrogates among them. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

test("visible() shows control characters, direction overrides and lone surrogates as signs", () => {
  expect(visible("a\u001b[2Jb\u0000\u007f")).toBe("a␛[2Jb␀␡");
  expect(visible("\u202egpj\u202c")).toBe("⟨U+202E⟩gpj⟨U+202C⟩");
  expect(visible("\ud800x")).toBe("⟨U+D800⟩x");
  expect(visible("\u009b31m")).toBe("⟨U+009B⟩31m");
});

test("visible() keeps line breaks, tabs, emoji and every script", () => {
  const text = "a\tb\nc 👩‍👩‍👧 模型 می‌خواهم שלום é";

  expect(visible(text)).toBe(text);
});

test("visible() leaves nothing that steers a terminal, and changes nothing twice", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = visible(text);

      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be gone
      expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(shown.isWellFormed()).toBe(true);
      expect(visible(shown)).toBe(shown);
    }),
  );
});

test("visibleLine() stays on one line", () => {
  expect(visibleLine("a\r\nb\tc\rd")).toBe("a␊b␉c␍d");
});
