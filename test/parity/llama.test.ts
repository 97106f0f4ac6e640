import { expect, test } from "vitest";
import { worstTap } from "./decoder-parity.ts";

const variations = ["llama", "llama3", "llama-linear", "llama-yarn", "mistral", "qwen2", "qwen3", "gemma", "gemma2"];

test.each(variations)("%s matches the reference to 1e-5 at every tap", async (name) => {
  const [tap, distance] = await worstTap(name);

  expect(distance, tap).toBeLessThan(1e-5);
});

test.each(variations)("%s run block by block matches the reference to 1e-5 at every tap", async (name) => {
  const [tap, distance] = await worstTap(name, { memory: 0 });

  expect(distance, tap).toBeLessThan(1e-5);
});
