/** Runs every check in order, prints one line for each and every violation, and fails if any did: `npm run check`. */
import { existsSync, readFileSync } from "node:fs";
import { checkBorders } from "./check-borders.ts";
import { checkCycles } from "./check-cycles.ts";
import { checkDocs } from "./check-docs.ts";
import { checkExports } from "./check-exports.ts";
import { checkFloors } from "./check-floors.ts";
import { checkLicences } from "./check-licences.ts";
import { checkLines, medianLines } from "./check-lines.ts";
import { checkLint } from "./check-lint.ts";
import { checkNames } from "./check-names.ts";
import { checkSpreads } from "./check-spreads.ts";
import { checkTypes } from "./check-types.ts";
import { checkedFolders, readSources, type Violation } from "./sources.ts";

const sources = readSources(".", checkedFolders);
const rooms = sources.filter(({ path }) => path.startsWith("src/"));

const checks: Readonly<Record<string, () => Violation[]>> = {
  types: checkTypes,
  lint: checkLint,
  floors: () => checkFloors(rooms),
  cycles: () => checkCycles(rooms),
  names: () => checkNames(sources),
  borders: () => checkBorders(rooms),
  exports: () => checkExports(rooms, read("package.json")),
  licences: () => checkLicences(licenceSources()),
  docs: () => checkDocs(rooms),
  spreads: () => checkSpreads(sources),
  lines: () => checkLines(sources),
};

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function licenceSources() {
  const lock = JSON.parse(read("package-lock.json"));
  const reasons = JSON.parse(read("scripts/licence-reasons.json"));
  return { lock, reasons, page: read("LICENSES.md"), exists: existsSync };
}

/** True when nothing but warnings was found. */
function runCheck(name: string, check: () => Violation[]): boolean {
  const start = performance.now();
  const violations = check();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const errors = violations.filter(({ warning }) => !warning).length;
  const counts = [errors > 0 ? `${errors} to mend` : "", plural(violations.length - errors, "warning")];
  const verdict = errors === 0 ? "ok" : "FAILED";
  print(`${name.padEnd(10)}${verdict.padEnd(8)}${seconds.padStart(5)} s  ${counts.filter(Boolean).join(", ")}`);
  for (const { file, line, message, warning } of violations) {
    print(`  ${file}:${line}: ${warning ? "warning: " : ""}${message}`);
  }
  return errors === 0;
}

const plural = (count: number, noun: string): string =>
  count === 0 ? "" : count === 1 ? `1 ${noun}` : `${count} ${noun}s`;

const print = (line: string): boolean => process.stdout.write(`${line.trimEnd()}\n`);

const failed = Object.entries(checks).filter(([name, check]) => !runCheck(name, check));
print(`\n${sources.length} files, median ${medianLines(sources)} lines`);
process.exitCode = failed.length === 0 ? 0 : 1;
