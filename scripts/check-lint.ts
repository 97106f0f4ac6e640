import { relative } from "node:path";
import type { Violation } from "./sources.ts";
import { runTool } from "./tools.ts";

/** Lint, format and order of imports, by biome. */
export function checkLint(): Violation[] {
  const options = ["--reporter=github", "--max-diagnostics=none", "--error-on-warnings", "--colors=off"];
  const { passed, output } = runTool("@biomejs/biome", "biome", ["check", ...options, "."]);
  const found = readLinter(output);
  if (passed || found.length > 0) return found;
  return [{ file: "biome", line: 1, message: output.trim() }];
}

/** Biome's lines `::error title=rule,file=path,line=1,…::message`. A notice does not fail. */
export function readLinter(output: string): Violation[] {
  const lines = output.matchAll(/^::(error|warning|notice) title=(.*?),file=(.*?),line=(\d+).*?::(.*)$/gm);
  return [...lines].map(([, level, rule, path, line, text]) => {
    const formatted =
      rule === "format" ? "is not formatted; run npx biome check --write" : `${rule}: ${plainText(text!)}`;
    const place = { file: relative(process.cwd(), path!), line: Number(line), message: formatted };
    return level === "notice" ? { ...place, warning: true } : place;
  });
}

const plainText = (text: string): string => text.replaceAll("%0A", " ").replaceAll("%0D", "").replaceAll("%25", "%");
