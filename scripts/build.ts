/** Builds what is published, by default into `dist`: JavaScript and types from every source, other files copied. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listFiles } from "./sources.ts";
import { runTool } from "./tools.ts";

/** Files of a room that are read at run time: tables, grammars, style sheets; JSON that is imported, too. */
const isAsset = (path: string): boolean => !/\.(tsx?|md)$|\/tsconfig\.json$/.test(path);

const folder = process.argv[2] ?? "dist";
rmSync(folder, { recursive: true, force: true });
const { passed, output } = runTool("typescript", "tsc", ["-p", "tsconfig.build.json", "--outDir", folder]);
process.stderr.write(output);
for (const path of listFiles(".", "src").filter(isAsset)) cpSync(path, join(folder, path.slice("src/".length)));
process.exitCode = passed ? 0 : 1;
