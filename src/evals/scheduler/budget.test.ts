import { expect, test } from "vitest";
import { Budget, costUsd } from "./budget.ts";
import { estimateUsage } from "./usage.ts";

const question = { parts: [{ type: "text", text: "x".repeat(368) }], sampling: { maxTokens: 100 } } as const;
const price = { input: 1, output: 10 };

test("costUsd() counts dollars per million tokens", () => {
  expect(costUsd({ inputTokens: 1_000_000, outputTokens: 100_000 }, { input: 2.5, output: 10 })).toBe(3.5);
});

test("estimateUsage() counts four bytes a token, 1,600 a picture and the longest answer", () => {
  const image = { type: "image", mediaType: "image/png", key: "k", load: async () => new Uint8Array() } as const;

  expect(estimateUsage(question)).toEqual({ inputTokens: 100, outputTokens: 100 });
  expect(estimateUsage({ parts: [image, image], sampling: {} })).toEqual({ inputTokens: 3208, outputTokens: 256 });
});

test("Budget lets calls start only while all of them fit together", () => {
  const budget = new Budget({ tokens: 500 });

  const [first, second, third] = [1, 2, 3].map(() => budget.reserve(question, undefined));
  budget.release(first!);

  expect(second).toBeDefined();
  expect(third).toBeUndefined();
  expect(budget.reserve(question, undefined)).toBeDefined();
});

test("Budget expects of every call what the dearest one used so far", () => {
  const budget = new Budget({ tokens: 1000 });
  const first = budget.reserve(question, undefined)!;

  budget.spend({ inputTokens: 500, outputTokens: 100 }, undefined, first.estimate);
  budget.release(first);

  expect(budget.spent.tokens).toBe(600);
  expect(budget.reserve(question, undefined)).toBeUndefined();
});

test("Budget goes on from what earlier sessions spent, in dollars too", () => {
  const budget = new Budget({ usd: 1, spent: { usd: 0.999, tokens: 5 } });

  expect(budget.reserve(question, price)).toBeUndefined();
  expect(budget.reserve(question, { input: 0, output: 0 })).toBeDefined();
  expect([budget.isLimited, budget.isLimitedInUsd, new Budget().isLimited]).toEqual([true, true, false]);
});
