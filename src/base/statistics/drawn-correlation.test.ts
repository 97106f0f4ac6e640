import fc from "fast-check";
import { expect, test } from "vitest";
import { pearson, spearman } from "./correlation.ts";
import { drawnPearson, drawnSpearman } from "./drawn-correlation.ts";

/** Pairs with many ties, and positions among them. */
const draws = fc
  .array(
    fc.tuple(
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -1000, max: 1000 }).map((value) => value / 7),
    ),
    { minLength: 2 },
  )
  .chain((pairs) =>
    fc.tuple(fc.constant(pairs), fc.array(fc.integer({ min: 0, max: pairs.length - 1 }), { minLength: 2 })),
  );

test.each([
  ["drawnPearson", drawnPearson, pearson],
  ["drawnSpearman", drawnSpearman, spearman],
] as const)("%s() is the correlation of the pairs that were drawn, with their copies", (_, drawn, whole) => {
  fc.assert(
    fc.property(draws, ([pairs, positions]) => {
      const [x, y] = [pairs.map(([first]) => first), pairs.map(([, second]) => second)];
      const expected = whole(
        positions.map((at) => x[at]!),
        positions.map((at) => y[at]!),
      );

      const found = drawn(x, y)(Uint32Array.from(positions));

      if (expected === null || found === null) expect(found).toBe(expected);
      else expect(found).toBeCloseTo(expected, 9);
    }),
  );
});

test("drawnSpearman() refuses lists of different length and values that are no numbers", () => {
  expect(() => drawnSpearman([1, 2], [1, 2, 3])).toThrowError("drawnSpearman");
  expect(() => drawnSpearman([1, Number.NaN], [1, 2])).toThrowError("drawnSpearman");
});
