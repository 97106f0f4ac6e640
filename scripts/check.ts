/** Runs every check in order, prints one line for each and every violation, and fails if any did: `npm run check`. */
import { existsSync, readFileSync } from "node:fs";
import { checkBorders } from "./check-borders.ts";
import { checkCycles } from "./check-cycles.ts";
import { checkDocs } from "./check-docs.ts";
import { checkExports } from "./check-exports.ts";
import { checkFloors } from "./check-floors.ts";
import { checkLicences } from "./check-licences.ts";
import { checkLines, medianLines } from "./check-lines.ts";
import { checkNames } from "./check-names.ts";
import { checkedFolders, listFiles, readSources, type Violation } from "./sources.ts";
import { runTool } from "./tools.ts";

interface Outcome {
  readonly passed: boolean;
  /** What the line says beside the time. */
  readonly note?: string;
  /** What is printed below the line. */
  readonly output?: string;
}

const sources = readSources(".", checkedFolders);
const rooms = sources.filter(({ path }) => path.startsWith("src/"));

const checks: Readonly<Record<string, () => Outcome>> = {
  types: () => joined(programs().map((project) => runTool("typescript", "tsc", ["--noEmit", "-p", project]))),
  lint: () => runTool("@biomejs/biome", "biome", ["check", "--colors=off", "--error-on-warnings", "."]),
  floors: () => report(checkFloors(rooms)),
  cycles: () => report(checkCycles(rooms)),
  names: () => report(checkNames(sources)),
  borders: () => report(checkBorders(rooms)),
  exports: () => report(checkExports(rooms, read("package.json"))),
  licences: () => report(checkLicences(licenceSources())),
  docs: () => report(checkDocs(rooms)),
  lines: () => ({
    ...report(checkLines(sources)),
    note: `${sources.length} files, median ${medianLines(sources)} lines`,
  }),
};

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function licenceSources() {
  const lock = JSON.parse(read("package-lock.json"));
  const reasons = JSON.parse(read("scripts/licence-reasons.json"));
  return { lock, reasons, page: read("LICENSES.md"), exists: existsSync };
}

/** The root's program, and one for each folder that brings a tsconfig.json of its own. */
function programs(): string[] {
  return [".", ...listFiles(".", "src").filter((path) => path.endsWith("/tsconfig.json"))];
}

function joined(outcomes: readonly Outcome[]): Outcome {
  const output = outcomes.map((outcome) => outcome.output ?? "").join("");
  return { passed: outcomes.every(({ passed }) => passed), output };
}

function report(violations: readonly Violation[]): Outcome {
  const lines = violations.map(
    ({ file, line, message, warning }) => `${file}:${line}: ${warning ? "warning: " : ""}${message}`,
  );
  return { passed: violations.every(({ warning }) => warning), output: lines.join("\n") };
}

let failed = 0;
for (const [name, run] of Object.entries(checks)) {
  const start = performance.now();
  const { passed, note = "", output = "" } = run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${name.padEnd(10)}${(passed ? "ok" : "FAILED").padEnd(8)}${seconds.padStart(5)} s  ${note}\n`);
  if (output.trim() !== "" && !(passed && name === "lint"))
    process.stdout.write(`${output.trimEnd().replace(/^/gm, "  ")}\n`);
  if (!passed) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
