import { expect, test } from "vitest";
import { Concurrency } from "./concurrency.ts";

/** One full round: as many requests as may be in flight, each with its outcome. */
function round(concurrency: Concurrency, outcome: "answered" | "overloaded"): void {
  const tickets = [];
  while (concurrency.isFree) {
    concurrency.enter();
    tickets.push(concurrency.start());
  }
  for (const ticket of tickets) {
    if (outcome === "answered") concurrency.answered();
    else concurrency.overloaded(ticket);
  }
  for (const _ of tickets) concurrency.leave();
}

test("Concurrency doubles per round until the first complaint, then grows by one per round", () => {
  const concurrency = new Concurrency({ start: 2, max: 100 });
  const limits: number[] = [];

  for (let step = 0; step < 4; step++) {
    round(concurrency, "answered");
    limits.push(concurrency.limit);
  }
  round(concurrency, "overloaded");
  limits.push(concurrency.limit);
  for (let step = 0; step < 3; step++) {
    round(concurrency, "answered");
    limits.push(concurrency.limit);
  }

  expect(limits.slice(0, 5)).toEqual([4, 8, 16, 32, 16]);
  expect(limits[7]! - 16).toBeGreaterThanOrEqual(2);
  expect(limits[7]! - 16).toBeLessThanOrEqual(3);
});

test("Concurrency halves once for all complaints of one round", () => {
  const concurrency = new Concurrency({ start: 16, max: 16 });

  round(concurrency, "overloaded");

  expect(concurrency.limit).toBe(8);
});

test("Concurrency stays between one and its maximum", () => {
  const concurrency = new Concurrency({ start: 8, max: 12 });

  for (let step = 0; step < 10; step++) round(concurrency, "overloaded");
  const lowest = concurrency.limit;
  for (let step = 0; step < 100; step++) round(concurrency, "answered");

  expect(lowest).toBe(1);
  expect(concurrency.limit).toBe(12);
});

test("Concurrency does not grow while the limit is not what holds it back", () => {
  const concurrency = new Concurrency({ start: 8, max: 100 });

  for (let step = 0; step < 50; step++) {
    concurrency.enter();
    concurrency.answered();
    concurrency.leave();
  }

  expect(concurrency.limit).toBe(8);
});
