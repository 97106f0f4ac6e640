import { expect, test } from "vitest";
import { killTrials } from "./trial.ts";

test("a run killed at fifty instants asks nothing twice that it had committed and ends with the hash of an uninterrupted one", async () => {
  const report = await killTrials({ kills: 50, seed: 1 });

  expect(report.kills).toBe(50);
  expect(report.askedAgain).toBe(0);
  expect(report.mostLost).toBeLessThanOrEqual(8);
  expect(report.halfReports).toBe(0);
  expect(new Set(report.hashes)).toEqual(new Set([report.uninterrupted]));
  for (const phase of ["before the run", "between answers", "between answers and end", "report"] as const) {
    expect(report.struck[phase], phase).toBeGreaterThan(0);
  }
}, 600_000);
