import { listFiles, type Violation } from "./sources.ts";
import { runTool } from "./tools.ts";

/** Type-checks the root's program, and one for each folder that brings a tsconfig.json of its own. */
export function checkTypes(): Violation[] {
  const projects = [".", ...listFiles(".", "src").filter((path) => path.endsWith("/tsconfig.json"))];
  return projects.flatMap((project) => {
    const { passed, output } = runTool("typescript", "tsc", ["--noEmit", "--pretty", "false", "-p", project]);
    return passed ? [] : readCompiler(output);
  });
}

/** The compiler's lines `file(line,column): error TS1: message`; what it says in another form is kept as it is. */
export function readCompiler(output: string): Violation[] {
  const violations: Violation[] = [];
  for (const text of output.split("\n").filter((line) => line.trim() !== "")) {
    const [, file, line, message] = /^(.+?)\((\d+),\d+\): \w+ (.+)$/.exec(text) ?? [];
    const previous = violations.at(-1);
    if (file) violations.push({ file, line: Number(line), message: message! });
    else if (previous && text.startsWith(" ")) {
      violations[violations.length - 1] = { ...previous, message: `${previous.message} ${text.trim()}` };
    } else violations.push({ file: "tsc", line: 1, message: text });
  }
  return violations;
}
