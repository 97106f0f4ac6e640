import { codeQuery } from "#formats";
import type { CodeLanguage } from "./languages.ts";

const comments: Readonly<Record<CodeLanguage, string>> = {
  java: "(line_comment) @comment (block_comment) @comment",
  javascript: "(comment) @comment",
  kotlin: "(line_comment) @comment (multiline_comment) @comment",
  python: "(comment) @comment (expression_statement (string) @comment)",
  typescript: "(comment) @comment",
};

/** A text without its comments, and the comments. */
export interface CommentedCode {
  readonly code: string;
  readonly comments: readonly string[];
}

/** Loads a grammar and returns what takes comments out of a text, lines that held nothing else with them. */
export async function commentRemover(language: CodeLanguage): Promise<(text: string) => CommentedCode> {
  const find = await codeQuery(language, comments[language]);
  return (text) => {
    const found = find(text).captures;
    const lines = text.split("\n");
    const touched = new Set<number>();
    for (const { text: comment, line } of found) removeFrom(lines, { comment, line, touched });
    const code = lines.filter((line, at) => !touched.has(at) || line.trim() !== "");
    return {
      code: code.map((line, at) => (touched.has(at) ? line.trimEnd() : line)).join("\n"),
      comments: found.map(({ text: comment }) => comment),
    };
  };
}

interface Removed {
  readonly comment: string;
  readonly line: number;
  readonly touched: Set<number>;
}

function removeFrom(lines: string[], { comment, line, touched }: Removed): void {
  for (const [at, part] of comment.split("\n").entries()) {
    const text = lines[line + at]!;
    const start = text.indexOf(part);
    lines[line + at] = text.slice(0, start) + text.slice(start + part.length);
    touched.add(line + at);
  }
}
