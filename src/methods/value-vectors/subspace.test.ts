import fc from "fast-check";
import { expect, test } from "vitest";
import { stream, tensor } from "#base";
import { principalAngles } from "./index.ts";

const rows = (numbers: readonly (readonly number[])[]) => tensor([numbers.length, numbers[0]!.length], numbers.flat());

function drawn(count: number, size: number, seed: number): number[][] {
  const random = stream(seed, "subspace");
  return Array.from({ length: count }, () => Array.from({ length: size }, () => random.normal()));
}

test("principalAngles() are those of the drawing: one direction kept, one turned by 30 degrees", () => {
  const turned = [0, Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];

  const [kept, moved] = principalAngles(
    rows([
      [1, 0, 0],
      [0, 1, 0],
    ]),
    rows([[2, 0, 0], turned]),
  );

  expect(kept).toBeCloseTo(0, 5);
  expect(moved).toBeCloseTo(30, 5);
  expect(principalAngles(rows([[1, 0, 0]]), rows([[0, 0, 3]]))).toEqual([90]);
});

test("principalAngles() do not see how a span's vectors are mixed, and are the same both ways", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
      const before = drawn(3, 8, seed);
      const after = drawn(3, 8, seed + 1);
      const mixed = [0, 1, 2].map((at) => before[at]!.map((value, j) => 2 * value + before[(at + 1) % 3]![j]!));

      for (const angle of principalAngles(rows(before), rows(mixed))) expect(angle).toBeLessThan(0.1);
      const [there, back] = [principalAngles(rows(before), rows(after)), principalAngles(rows(after), rows(before))];
      for (const [at, angle] of there.entries()) expect(angle).toBeCloseTo(back[at]!, 4);
    }),
    { numRuns: 20 },
  );
});

test("principalAngles() count a dependent vector once, and refuse what spans nothing", () => {
  expect(
    principalAngles(
      rows([
        [1, 0],
        [2, 0],
      ]),
      rows([[1, 0]]),
    ),
  ).toHaveLength(1);
  expect(() => principalAngles(rows([[0, 0]]), rows([[1, 0]]))).toThrow("span something");
  expect(() => principalAngles(rows([[1, 0]]), rows([[1, 0, 0]]))).toThrow("Expected vectors of one length");
});
