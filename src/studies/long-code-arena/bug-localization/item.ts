import { AssayError } from "#base";
import type { RepositoryFile } from "#evals";
import type { TableRow } from "#formats";
import { Cells } from "../cells.ts";
import { isSource } from "../history/source-paths.ts";
import type { Item } from "../task.ts";

/** A bug report, and the files that its fix changed. */
export interface BugItem extends Item {
  /** Endings of the files that are looked at: `py`, `java`, `.kt` … */
  readonly endings: readonly string[];
  readonly title: string;
  readonly body: string;
  /** The commit that the bug was in, and the one that fixed it. */
  readonly base: string;
  readonly head: string;
  /** Files that the fix changed. */
  readonly truth: readonly string[];
  /** Every file that could be named, with its text: read when it is needed, for a repository is large. */
  readonly files: () => Promise<readonly RepositoryFile[]>;
}

/** The columns of the authors' data set that are read. */
export const columns = [
  ...["text_id", "repo_owner", "repo_name", "issue_title", "issue_body", "base_sha", "head_sha", "changed_files"],
  "repo_language",
];

const endingOf: Readonly<Record<string, string>> = { python: "py", java: "java", kotlin: "kt" };

/** One row of lca-bug-localization; its files are in a clone of the repository. */
export function readItem(row: TableRow, index: number): BugItem {
  const cells = new Cells(row, `bug-localization, row ${index}`);
  const repository = `${cells.text("repo_owner")}__${cells.text("repo_name")}`;
  const endings = [endingOf[cells.text("repo_language").toLowerCase()] ?? "py"];
  return {
    id: cells.text("text_id"),
    repository,
    endings,
    title: cells.text("issue_title"),
    body: cells.optional("issue_body") ?? "",
    base: cells.text("base_sha"),
    head: cells.text("head_sha"),
    truth: cells.texts("changed_files").filter((path) => isSource(path, endings)),
    files: async () => {
      throw new AssayError(
        "FILES_MISSING",
        `bug-localization: Expected a clone of ${repository}, got none; name a folder of clones with --set clones=FOLDER`,
      );
    },
  };
}

/** The issue as models and rankers read it. */
export const issueOf = ({ title, body }: Pick<BugItem, "title" | "body">): string => `${title}\n${body}`.trim();
