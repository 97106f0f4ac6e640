import { AssayError } from "#base";
import type { RepositoryFile, ShownBlock } from "#evals";
import type { TableRow } from "#formats";
import { type FilePatch, readTextPatch, type WriteFilesOptions } from "#formats/git";
import { Cells } from "../cells.ts";
import type { Item } from "../task.ts";

/** A build that fails, and its repair. */
export interface BuildItem extends Item {
  /** 1 formatting, 2 in one file, 3 across files; 0 in the authors' older data. */
  readonly difficulty: number;
  readonly workflow: string;
  readonly shaFail: string;
  /** The true repair. */
  readonly diff: string;
  /** The lines that the true repair touches, as they are before it. */
  readonly blocks: readonly ShownBlock[];
  /** What the failing build printed; null where it has to be run to know. */
  readonly log: string | null;
  /** Whether the package brings this code itself, so that nobody's word is needed to run it. */
  readonly isOwnCode: boolean;
  /** Every file of the failing state. */
  readonly files: () => Promise<readonly RepositoryFile[]>;
  /** Writes the failing state into a folder, some of its files changed. */
  readonly write: (options: WriteFilesOptions) => readonly string[];
}

/** The columns of the authors' data set that are read. */
export const columns = ["id", "repo_owner", "repo_name", "sha_fail", "workflow", "diff", "logs", "difficulty"];

/** One row of lca-ci-builds-repair; its files are in a clone of the repository. */
export function readItem(row: TableRow, index: number): BuildItem {
  const cells = new Cells(row, `ci-repair, row ${index}`);
  const repository = `${cells.text("repo_owner")}__${cells.text("repo_name")}`;
  const diff = cells.text("diff");
  const missing = (): never => {
    throw new AssayError(
      "FILES_MISSING",
      `ci-repair: Expected a clone of ${repository}, got none; name a folder of clones with --set clones=FOLDER`,
    );
  };
  return {
    id: String(cells.number("id")),
    repository,
    diff,
    blocks: blocksOf(diff),
    difficulty: cells.number("difficulty"),
    workflow: cells.text("workflow"),
    shaFail: cells.text("sha_fail"),
    log: cells
      .groups("logs")
      .map((step) => step.text("log"))
      .join("\n"),
    isOwnCode: false,
    files: async () => missing(),
    write: missing,
  };
}

/** The parts of existing files that a repair touches, with the lines around them. */
export const blocksOf = (diff: string): ShownBlock[] => (readTextPatch(diff) ?? []).flatMap(blocksOfFile);

function blocksOfFile({ oldPath, hunks }: FilePatch): ShownBlock[] {
  if (oldPath === null) return [];
  return hunks.map(({ oldStart, lines }) => ({
    path: oldPath,
    line: oldStart,
    text: lines
      .filter((line) => /^( |-|$)/.test(line))
      .map((line) => line.slice(1))
      .join("\n"),
  }));
}
