import { expect, test } from "vitest";
import { paperSettings } from "./comparability.ts";
import { characterWindow, fitted, windowOf } from "./window.ts";

test("windowOf() counts an open model's own tokens within its own context, and knows that it goes on with text", async () => {
  const window = await windowOf({ name: "mini:code", kind: "open" }, paperSettings);

  expect(window).toMatchObject({ tokens: 256, chat: false, counted: "tokens of mini:code" });
  expect(window.count("const x = 1;")).toBeLessThan(12);
});

test("windowOf() cuts to no more tokens than were asked for, from either end", async () => {
  const window = await windowOf({ name: "mini:code", kind: "open" }, paperSettings);
  const text = Array.from({ length: 400 }, (_, at) => `const value${at} = compute(${at});`).join("\n");

  const [first, last] = [window.first(text, 50), window.last(text, 50)];

  expect(text.startsWith(first) && text.endsWith(last)).toBe(true);
  for (const part of [first, last]) {
    expect(window.count(part)).toBeLessThanOrEqual(50);
    expect(window.count(part)).toBeGreaterThan(40);
  }
  expect([window.first(text, 0), window.last("", 5)]).toEqual(["", ""]);
});

test("windowOf() counts four characters as a token for everyone else", async () => {
  const window = await windowOf({ name: "openai/gpt-4o", kind: "api" }, paperSettings);

  expect(window).toMatchObject({ tokens: 16_000, chat: true });
  expect(window.last("abcdefgh", 1)).toBe("efgh");
});

test("fitted() leaves room for the answer and the words around, and says what was lost", () => {
  const window = characterWindow(100);
  const room = { window, around: "x".repeat(40), answerTokens: 28, keep: "first", what: "diff" } as const;

  const { text, cut } = fitted("y".repeat(1000), room);

  expect(text).toHaveLength(4 * (100 - 28 - 10 - 32));
  expect(cut).toEqual(["diff: the first 120 of 1000 characters (30 4 characters a token)"]);
  expect(fitted("short", room)).toEqual({ text: "short", cut: [] });
});
