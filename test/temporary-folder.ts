import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives all tests of one run, and every process that they start, a temporary folder that goes when they are done: what a
 * test leaves in `tmpdir()` does not outlive the run. Vitest calls it once, before the first worker starts.
 */
export default function openTemporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "assay-tests-"));
  // Node reads TMPDIR, on Windows TEMP.
  Object.assign(process.env, { TMPDIR: folder, TEMP: folder });
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
