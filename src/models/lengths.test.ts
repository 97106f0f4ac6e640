import fc from "fast-check";
import { expect, test } from "vitest";
import { padded, paddedLength } from "./lengths.ts";

test("paddedLength() has few steps, each at most half as long again", () => {
  const steps = new Set(Array.from({ length: 1024 }, (_, at) => paddedLength(at + 1, 4096)));

  expect([...steps]).toEqual([16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024]);
});

test("paddedLength() holds the text and stays within the context", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }), (a, b) => {
      const [tokens, longest] = [Math.min(a, b), Math.max(a, b)];
      const length = paddedLength(tokens, longest);
      expect(length).toBeGreaterThanOrEqual(tokens);
      expect(length).toBeLessThanOrEqual(longest);
    }),
  );
});

test("padded() keeps the ids in front", () => {
  expect(padded([5, 6], 4)).toEqual([5, 6, 0, 0]);
});
