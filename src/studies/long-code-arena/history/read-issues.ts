import { AssayError } from "#base";
import { readRows } from "#formats";
import type { IssueText } from "../repository.ts";

/** Texts of issues by commit, from a JSONL, CSV or Parquet file of {commit, title, body}. @throws AssayError DATA_INVALID */
export async function readIssues(file: string): Promise<Map<string, IssueText>> {
  const issues = new Map<string, IssueText>();
  let row = 0;
  for await (const { commit, title, body } of readRows(file)) {
    row++;
    if (typeof commit !== "string" || !/^[0-9a-f]{7,40}$/.test(commit)) {
      throw invalid(`${file}, row ${row}`, `"commit" to be 7 to 40 digits of a commit, got ${JSON.stringify(commit)}`);
    }
    if (typeof title !== "string") throw invalid(`${file}, row ${row}`, `"title" to be text, got ${typeof title}`);
    issues.set(commit, { title, body: typeof body === "string" ? body : "" });
  }
  if (issues.size === 0) throw invalid(file, "at least one issue, got none");
  return issues;
}

const invalid = (place: string, expected: string): AssayError =>
  new AssayError("DATA_INVALID", `long-code-arena: ${place}: Expected ${expected}; give {commit, title, body}`);
