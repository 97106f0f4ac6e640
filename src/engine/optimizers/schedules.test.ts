import { expect, test } from "vitest";
import { constantRate, cosineRate, linearRate, sequenceRate, warmUp } from "./schedules.ts";

const at = (schedule: (step: number) => number, ...steps: number[]) => steps.map(schedule);

test("linearRate() goes straight from one rate to the other and stays there", () => {
  expect(at(linearRate({ from: 1, to: 0, steps: 4 }), 0, 1, 4, 9)).toEqual([1, 0.75, 0, 0]);
});

test("cosineRate() is half way at half time", () => {
  const rates = at(cosineRate({ from: 1, to: 0.5, steps: 10 }), 0, 5, 10, 20);

  expect(rates).toEqual([1, 0.75, 0.5, 0.5]);
});

test("warmUp() rises to the schedule's first rate, then follows it from its start", () => {
  const schedule = warmUp(4, linearRate({ from: 1, to: 0, steps: 2 }));

  expect(at(schedule, 0, 1, 3, 4, 5, 6)).toEqual([0.25, 0.5, 1, 1, 0.5, 0]);
});

test("sequenceRate() plays each phase from its own start, and the last one for ever", () => {
  const fall = linearRate({ from: 2, to: 0, steps: 2 });
  const schedule = sequenceRate([
    { steps: 2, schedule: constantRate(5) },
    { steps: 2, schedule: fall },
  ]);

  expect(at(schedule, 0, 1, 2, 3, 4, 7)).toEqual([5, 5, 2, 1, 0, 0]);
});

test("schedules refuse a number of steps that is none", () => {
  expect(() => warmUp(0, constantRate(1))).toThrowError("warmUp: Expected a whole number of steps above zero, got 0");
  expect(() => sequenceRate([])).toThrowError("at least one phase");
});
