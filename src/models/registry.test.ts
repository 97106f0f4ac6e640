import { expect, test } from "vitest";
import { families, familyOf } from "./registry.ts";

test("familyOf() finds the family of every model type", () => {
  const llamas = ["llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2"];

  const found = [...llamas, "gpt2", "gpt_neox", "olmo", "hf_olmo"].map((type) => familyOf({ model_type: type }).name);

  expect(found).toEqual([...llamas.map(() => "llama"), "gpt2", "neox", "olmo", "olmo"]);
});

test("families are known by their own names", () => {
  expect(Object.entries(families).every(([name, family]) => family.name === name)).toBe(true);
});
