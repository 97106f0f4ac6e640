import { expect, test } from "vitest";
import { killTrials } from "./trial.ts";

test("a run killed at fifty instants asks nothing twice that it had committed and ends with the hash of an uninterrupted one", async () => {
  const report = await killTrials({ kills: 50, seed: 1 });

  expect(report.kills).toBe(50);
  expect(report.askedAgain).toBe(0);
  expect(report.mostLost).toBeLessThanOrEqual(8);
  expect(report.halfReports).toBe(0);
  expect(new Set(report.hashes)).toEqual(new Set([report.uninterrupted]));
  const { "after the last answer": scoring = 0, "after the end": printing = 0, ...others } = report.struck;
  expect(scoring + printing).toBeGreaterThan(0);
  for (const phase of ["before it asked", "while it asked", "in the report"] as const) {
    expect(others[phase], phase).toBeGreaterThan(0);
  }
}, 600_000);
