import { expect, test } from "vitest";
import { measureEngine } from "./speed.ts";

test("measureEngine() says with what this machine computes, and how fast", async () => {
  const report = await measureEngine({ side: 64 });

  expect(report.runtime).toMatch(/^\d+\.\d+\.\d+/);
  expect(report.providers).toContain("cpu");
  expect(report.threads).toBeGreaterThan(0);
  expect(report.gflops).toBeGreaterThan(0);
});
