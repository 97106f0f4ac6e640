import { expect, test } from "vitest";
import { worstTap } from "./decoder-parity.ts";

test.each([
  ["olmo", "whole", {}],
  ["olmo", "block by block", { memory: 0 }],
  ["olmo-original", "whole", {}],
  ["olmo-original", "block by block", { memory: 0 }],
])("%s run %s matches the reference to 1e-5 at every tap", async (name, _, options) => {
  const [tap, distance] = await worstTap(name, { golden: "olmo", ...options });

  expect(distance, tap).toBeLessThan(1e-5);
});
