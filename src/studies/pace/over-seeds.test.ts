import { expect, test } from "vitest";
import { seedInterval } from "./over-seeds.ts";

test("seedInterval() ends where a metric ends", () => {
  const few = [0.01, 0.02, 0.06];

  expect(seedInterval("retrieval", few).low).toBe(0);
  expect(seedInterval("sparsity", [0.99, 1, 0.96]).high).toBe(1);
  expect(seedInterval("seedAgreement", few).low).toBeLessThan(0);
  expect(seedInterval("stability", [2, 3, 9])).toMatchObject({ low: 0 });
  expect(seedInterval("stability", [2, 3, 9]).high).toBeGreaterThan(10);
});
