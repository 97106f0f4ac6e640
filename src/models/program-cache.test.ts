import { expect, test } from "vitest";
import type { Program } from "#engine";
import { ProgramCache } from "./program-cache.ts";

const program = {} as Program<unknown, unknown>;

test("ProgramCache compiles once for each key, also for callers who do not wait for each other", async () => {
  const cache = new ProgramCache();
  let made = 0;
  const make = async () => {
    made++;
    return program;
  };

  const found = await Promise.all([cache.get("a", make), cache.get("a", make), cache.get("b", make)]);

  expect(found).toEqual([program, program, program]);
  expect(made).toBe(2);
});

test("ProgramCache keeps no failure: the next caller tries again", async () => {
  const cache = new ProgramCache();

  const failed = cache.get("a", () => Promise.reject(new Error("refused")));

  await expect(failed).rejects.toThrow("refused");
  expect(await cache.get("a", async () => program)).toBe(program);
});
