import fc from "fast-check";
import { expect, test } from "vitest";
import { assignment } from "./assignment.ts";

/** Every way to give rows different columns. */
function* choices(rows: number, columns: number, taken: readonly number[] = []): Generator<readonly number[]> {
  if (taken.length === rows) yield taken;
  else for (let at = 0; at < columns; at++) if (!taken.includes(at)) yield* choices(rows, columns, [...taken, at]);
}

const total = (costs: readonly number[][], columns: readonly number[]): number =>
  columns.reduce((sum, column, row) => sum + costs[row]![column]!, 0);

test("assignment() finds the cheapest of all assignments", () => {
  const matrices = fc.integer({ min: 1, max: 5 }).chain((columns) =>
    fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: columns, maxLength: columns }), {
      minLength: 1,
      maxLength: columns,
    }),
  );

  fc.assert(
    fc.property(matrices, (costs) => {
      const best = Math.min(...[...choices(costs.length, costs[0]!.length)].map((columns) => total(costs, columns)));
      expect(total(costs, assignment(costs))).toBe(best);
    }),
  );
});

test("assignment() refuses more rows than columns, and costs that are no numbers", () => {
  expect(() => assignment([[1], [2]])).toThrow("no more than columns, got 2 rows of 1, 1");
  expect(() => assignment([[1, Number.NaN]])).toThrow("assignment: Expected rows of finite costs");
});
