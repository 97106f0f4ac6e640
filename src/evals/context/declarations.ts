import { strip } from "../python-text.ts";

/**
 * Keeps only the lines that declare a function or a class, each followed by `pass` where a body was.
 *
 * A line declares when it begins with `def` or `class`, be it `default = 1`: so the reference.
 *
 * Source   Long Code Arena, project-level code completion, function and class masks
 */
export function declarations(code: string): string {
  const kept: string[] = [];
  let bodyToCome = false;
  for (const line of code.split("\n")) {
    const declares = /^(def|class)/.test(strip(line));
    if (declares) kept.push(line);
    else if (bodyToCome) kept.push("pass");
    bodyToCome = declares;
  }
  return kept.join("\n");
}
