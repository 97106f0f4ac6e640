import type { CodeLanguage } from "#evals";

/** One test of a file of tests. */
export interface SingleTest {
  readonly id: string;
  /** What it says must hold. */
  readonly title: string;
  /** The file's head, with its imports, and the test. */
  readonly code: string;
}

const scripts = /^(?:test|it)\((["'`])(.*?)\1,[\s\S]*?^\}\);?$/gm;
const python = /^(?:async )?def test_(\w+)\(.*\).*:\n(?:(?:[ \t]+.*)?\n)*(?:[ \t]+.*)?/gm;

/** The tests of a file that stand at its outermost level; in languages whose tests are not told apart here, none. */
export function singleTests(
  content: string,
  { path, language }: { path: string; language: CodeLanguage },
): SingleTest[] {
  const isScript = language === "javascript" || language === "typescript";
  if (!isScript && language !== "python") return [];
  const found = [...content.matchAll(isScript ? scripts : python)];
  const head = content.slice(0, found[0]?.index ?? 0).trim();
  return found.map((match, at) => ({
    id: `${path}/${at}`,
    title: isScript ? match[2]! : match[1]!.replaceAll("_", " "),
    code: `${head}\n\n${match[0].trim()}`,
  }));
}
