/** Runs every test, or those of the paths given; says why the run fails if it does, and ends with a line that counts them. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reasonsToFail, type Summary, summarize, summaryLine } from "./test-summary.ts";

const shared = process.env.ASSAY_SHARED ?? "../shared";

function runTests(): Summary {
  const folder = mkdtempSync(join(tmpdir(), "assay-tests-"));
  const file = join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const words = ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...process.argv.slice(2)];
    const { status } = spawnSync(process.execPath, words, { stdio: "inherit" });
    const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { success: false, testResults: [] };
    return summarize({ ...report, success: report.success && status === 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const summary = runTests();
const reasons = reasonsToFail(summary, existsSync(shared));
for (const name of summary.optIn) process.stdout.write(`on demand only: ${name}\n`);
for (const name of summary.skipped) process.stdout.write(`skipped: ${name}\n`);
for (const reason of reasons) process.stdout.write(`FAILED: ${reason}\n`);
process.stdout.write(`${summaryLine(summary)}\n`);
process.exitCode = reasons.length === 0 ? 0 : 1;
