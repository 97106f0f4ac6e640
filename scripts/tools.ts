import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** How a program ended and what it printed. */
export interface ToolResult {
  readonly passed: boolean;
  readonly output: string;
}

/** Runs the program of an installed package with this Node, whatever the PATH holds. */
export function runTool(packageName: string, program: string, words: readonly string[]): ToolResult {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const script = JSON.parse(readFileSync(manifest, "utf8")).bin[program];
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(dirname(manifest), script), ...words], {
    encoding: "utf8",
  });
  return { passed: status === 0, output: stdout + stderr };
}
