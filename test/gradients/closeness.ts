/** Comparing arrays, with the worst place in the message. */
import { expect } from "vitest";
import type { Plain } from "./plain.ts";

/** Equal shapes, and every number within `tolerance` of the largest expected one. NaN equals NaN, ∞ equals ∞. */
export function expectClose(actual: Plain, expected: Plain, tolerance: number): void {
  expect(actual.shape).toEqual(expected.shape);
  const scale = expected.data.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
  const bound = tolerance * Math.max(scale, 1e-2);
  const misses = Array.from(expected.data, (want, at) => missOf(actual.data[at]!, want));
  const worst = misses.indexOf(Math.max(...misses, 0));
  const message = `place ${worst}: got ${actual.data[worst]}, expected ${expected.data[worst]}, tolerance ${bound}`;
  expect(worst < 0 ? 0 : misses[worst], message).toBeLessThanOrEqual(bound);
}

function missOf(got: number, want: number): number {
  if (Object.is(got, want) || got === want) return 0;
  const miss = Math.abs(got - want);
  return Number.isNaN(miss) ? Number.POSITIVE_INFINITY : miss;
}
