import { expect, test } from "vitest";
import { worstTap } from "./decoder-parity.ts";

test.each([
  ["neox", "whole", {}],
  ["neox", "block by block", { memory: 0 }],
  ["neox-sequential", "whole", {}],
  ["neox-sequential", "block by block", { memory: 0 }],
])("%s run %s matches the reference to 1e-5 at every tap", async (name, _, options) => {
  const [tap, distance] = await worstTap(name, options);

  expect(distance, tap).toBeLessThan(1e-5);
});
