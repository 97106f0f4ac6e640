import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const options = { firstMs: 1000, longestMs: 60_000, seed: 0 };

test("backoffMs() lies between half and all of min(longest, first · 2^attempt)", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 50 }), (question, attempt) => {
      const whole = Math.min(60_000, 1000 * 2 ** attempt);
      const wait = backoffMs(question, attempt, options);
      expect(wait).toBeGreaterThanOrEqual(whole / 2);
      expect(wait).toBeLessThan(whole);
    }),
  );
});

test("backoffMs() is the same for the same seed, question and attempt, and spreads over questions", () => {
  const waits = Array.from({ length: 50 }, (_, index) => backoffMs(`s${index}`, 2, options));

  expect(waits).toEqual(Array.from({ length: 50 }, (_, index) => backoffMs(`s${index}`, 2, options)));
  expect(new Set(waits).size).toBe(50);
  expect(backoffMs("s0", 2, { ...options, seed: 1 })).not.toBe(waits[0]);
});
