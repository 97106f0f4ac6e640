import { expect, test } from "vitest";
import { reasonsToFail, summarize, summaryLine } from "./test-summary.ts";

const report = (statuses: Record<string, string>, success = true) => ({
  success,
  testResults: [
    {
      name: "x.test.ts",
      status: success ? "passed" : "failed",
      assertionResults: Object.entries(statuses).map(([fullName, status]) => ({ fullName, status })),
    },
  ],
});

test("summaryLine() counts every test once", () => {
  const summary = summarize(
    report({ a: "passed", b: "passed", c: "failed", d: "skipped", "e (opt-in)": "todo" }, false),
  );

  expect(summaryLine(summary)).toBe("2 passed, 1 failed, 2 skipped");
});

test("summarize() counts a file that could not be loaded as a failure", () => {
  expect(summaryLine(summarize(report({}, false)))).toBe("0 passed, 1 failed, 0 skipped");
});

test("reasonsToFail() accepts skipped tests only where the shared data is absent or the name says opt-in", () => {
  const summary = summarize(
    report({ a: "passed", "kills 1,000 times (opt-in: ASSAY_KILLS)": "skipped", c: "skipped" }),
  );

  expect(reasonsToFail(summary, false)).toEqual([]);
  expect(reasonsToFail(summary, true)).toEqual(["skipped although the shared data is here: c"]);
});

test("reasonsToFail() never lets an empty or broken run pass", () => {
  expect(reasonsToFail(summarize({ success: true, testResults: [] }), false)).toEqual(["no test passed"]);
  expect(reasonsToFail(summarize({ ...report({ a: "passed" }), success: false }), false)).toHaveLength(1);
  expect(reasonsToFail(summarize(report({ a: "passed", b: "failed" }, false)), false)).toEqual(["1 tests failed"]);
});
