import { expect, test } from "vitest";
import { worstTap } from "./decoder-parity.ts";

test.each([
  ["whole", {}],
  ["block by block", { memory: 0 }],
])("gpt2 run %s matches the reference to 1e-5 at every tap", async (_, options) => {
  const [tap, distance] = await worstTap("gpt2", options);

  expect(distance, tap).toBeLessThan(1e-5);
});
