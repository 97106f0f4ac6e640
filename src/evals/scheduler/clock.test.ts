import { expect, test } from "vitest";
import { systemClock } from "./clock.ts";

test("systemClock.sleep() ends at once when its signal fires, before or during the sleep", async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(1e9, controller.signal);

  controller.abort();

  await expect(sleeping).resolves.toBeUndefined();
  await expect(systemClock.sleep(1e9, controller.signal)).resolves.toBeUndefined();
});

test("systemClock.every() rings until it is told to stop", async () => {
  let rings = 0;
  const stop = systemClock.every(1, () => rings++);

  while (rings < 3) await systemClock.sleep(1, new AbortController().signal);
  stop();
  const heard = rings;
  await systemClock.sleep(10, new AbortController().signal);

  expect(rings).toBe(heard);
});
