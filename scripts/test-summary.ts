/** One test as vitest's JSON reporter tells it. */
export interface ReportedTest {
  readonly fullName: string;
  readonly status: string;
}

/** What vitest's JSON reporter writes, as far as the summary reads it. */
export interface TestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly ReportedTest[];
  }[];
}

/** What a run of the tests came to. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** Names of skipped tests: those that run only on demand, and all others. */
  readonly optIn: readonly string[];
  readonly skipped: readonly string[];
  readonly success: boolean;
}

/** The tag in a test's name that says it runs only on demand and may be skipped everywhere. */
export const optInTag = /\bopt-in\b/;

/** Counts a report. A file that could not be loaded counts as one failed test, so that it is never lost. */
export function summarize(report: TestReport): Summary {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    return status === "failed" && assertionResults.every((test) => test.status !== "failed");
  });
  const names = tests.filter(({ status }) => status !== "passed" && status !== "failed").map((test) => test.fullName);
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: tests.filter(({ status }) => status === "failed").length + broken.length,
    optIn: names.filter((name) => optInTag.test(name)),
    skipped: names.filter((name) => !optInTag.test(name)),
    success: report.success,
  };
}

/** The line that ends every run: `12 passed, 0 failed, 3 skipped`. */
export function summaryLine({ passed, failed, optIn, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed, ${optIn.length + skipped.length} skipped`;
}

/** Why a run does not count as passed, one reason a line; with the shared data at hand nothing else may be skipped. */
export function reasonsToFail(summary: Summary, sharedDataFound: boolean): string[] {
  const reasons: string[] = [];
  if (summary.passed === 0) reasons.push("no test passed");
  if (summary.failed > 0) reasons.push(`${summary.failed} tests failed`);
  if (!summary.success && summary.failed === 0) reasons.push("vitest reports an error outside the tests");
  if (sharedDataFound)
    reasons.push(...summary.skipped.map((name) => `skipped although the shared data is here: ${name}`));
  return reasons;
}
