import { expect, test } from "vitest";
import { priceOf, priceTable, readPriceTable } from "./prices.ts";

test("priceOf() finds a model under its name, under a snapshot's own row, and without its date", () => {
  expect(priceOf("openai/gpt-4o")).toEqual({ input: 2.5, output: 10 });
  expect(priceOf("openai/gpt-4o-2024-05-13")).toEqual({ input: 5, output: 15 });
  expect(priceOf("openai/gpt-4o-2024-11-20")).toEqual({ input: 2.5, output: 10 });
  expect(priceOf("anthropic/claude-3-opus-20240229")).toEqual({ input: 15, output: 75 });
});

test("priceOf() charges nothing for what runs here, and does not guess", () => {
  expect(["baseline:oracle", "./folder", "mini:atlas"].map((name) => priceOf(name))).toEqual(
    Array(3).fill({ input: 0, output: 0 }),
  );
  expect(priceOf("openai/gpt-99")).toBeUndefined();
  expect(priceOf("openai-compatible/gpt-4o@http://localhost:1/v1")).toBeUndefined();
  expect(priceOf("openai/gpt-99", { prices: { "openai/gpt-99": { input: 1, output: 2 } } })).toEqual({
    input: 1,
    output: 2,
  });
});

test("priceTable says when and where it was read, and that it is second hand", () => {
  expect(priceTable.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(priceTable.source).toMatch(/commit [0-9a-f]{40}/);
  expect(priceTable.note).toContain("Second hand");
});

test("readPriceTable() reads a table of the user's own", () => {
  const own = { date: "2026-11-25", source: "our contract", prices: { "groq/llama": { input: 0.1, output: 0.2 } } };

  const { prices, date } = readPriceTable(JSON.stringify(own), "prices.json");

  expect(date).toBe("2026-11-25");
  expect(priceOf("groq/llama", { prices })).toEqual({ input: 0.1, output: 0.2 });
});

test("readPriceTable() names the file and what is wrong with it", () => {
  const row = { input: 1, output: 2 };
  const wrong = [
    "not json",
    "[]",
    JSON.stringify({ date: "today", source: "s", prices: {} }),
    JSON.stringify({ date: "2026-11-25", prices: { x: row } }),
    JSON.stringify({ date: "2026-11-25", source: "s", prices: { x: { ...row, input: -1 } } }),
    JSON.stringify({ date: "2026-11-25", source: "s", prices: { x: { ...row, cached: 1 } } }),
    JSON.stringify({ date: "2026-11-25", source: "s", price: { x: row } }),
  ];

  for (const text of wrong) expect(() => readPriceTable(text, "mine.json"), text).toThrow(/^mine\.json: Expected/);
});
