import { expect, test } from "vitest";
import { Pace } from "./pace.ts";

test("Pace leaves the first step out and follows the latest ones", () => {
  const pace = new Pace();

  pace.add(9000);
  const early = pace.secondsLeft(10);
  for (let at = 0; at < 3; at++) pace.add(100);

  expect(early).toBeNull();
  expect(pace.secondsLeft(10)).toBeCloseTo(1, 9);
});
