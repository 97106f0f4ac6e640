import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { controlSubject } from "#evals";
import { pricesOf, requirePrices } from "./prices.ts";

const file = join(mkdtempSync(join(tmpdir(), "assay-prices-")), "prices.json");
const own = { date: "2026-11-25", source: "contract", prices: { "openai/gpt-4o": { input: 1, output: 2 } } };
writeFileSync(file, JSON.stringify(own));

const nobodyKnows = { ...controlSubject("x"), name: "openai/gpt-99", kind: "api" as const };

test("pricesOf() puts the user's own prices before the lab's", () => {
  expect(pricesOf({})("openai/gpt-4o")).toEqual({ input: 2.5, output: 10 });
  expect(pricesOf({ prices: file })("openai/gpt-4o-2024-08-06")).toEqual({ input: 1, output: 2 });
  expect(pricesOf({ prices: file })("openai/gpt-4o-mini")).toEqual({ input: 0.15, output: 0.6 });
  expect(() => pricesOf({ prices: "nowhere.json" })).toThrow(/^nowhere\.json: Expected a file of prices/);
});

test("requirePrices() refuses a budget in dollars for a subject whose price nobody knows, and nothing else", () => {
  expect(() => requirePrices([nobodyKnows], { budget: 1 })).toThrow(/openai\/gpt-99; name a file/);
  expect(() => requirePrices([nobodyKnows], {})).not.toThrow();
  expect(() => requirePrices([controlSubject("oracle")], { budget: 1 })).not.toThrow();
});
