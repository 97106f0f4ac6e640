import type { RepositoryFile, TextFile } from "#evals";
import type { TableRow } from "#formats";
import { Cells } from "../cells.ts";
import { type SizeClass, sizeClass } from "../history/completions.ts";
import { type LineClass, lineClasses } from "../history/line-classes.ts";
import type { Item } from "../task.ts";

/** One line to be written. Items of a file share it and the repository's snapshot. */
export interface LineItem extends Item {
  readonly size: SizeClass;
  /** The file in full; what stands from `line` on is not shown. */
  readonly target: TextFile;
  /** The repository as it was before the commit that added the file. */
  readonly snapshot: readonly RepositoryFile[];
  /** Counted from zero. */
  readonly line: number;
  readonly lineClass: LineClass;
}

/** The columns of the authors' data set that are read. */
export const columns = ["repo", "commit_hash", "completion_file", "completion_lines", "repo_snapshot"];

/** Every line to be completed of one row of lca-project-level-code-completion. */
export function readItems(row: TableRow, index: number): LineItem[] {
  const cells = new Cells(row, `code-completion, row ${index}`);
  const file = cells.group("completion_file");
  const target = { path: file.text("filename"), content: file.text("content") };
  const snapshot = cells
    .groups("repo_snapshot")
    .map((one) => ({ path: one.text("filename"), content: one.optional("content") }));
  const shared = { repository: cells.text("repo"), target, snapshot, size: sizeOf(snapshot) };
  const lines = cells.group("completion_lines");
  return lineClasses.flatMap((lineClass) =>
    linesOf(lines, lineClass).map((line) => ({ id: `${index}/${lineClass}/${line}`, ...shared, line, lineClass })),
  );
}

/** The size class by the characters of Python that the snapshot holds. */
const sizeOf = (snapshot: readonly RepositoryFile[]): SizeClass =>
  sizeClass(snapshot.reduce((sum, { path, content }) => sum + (path.endsWith(".py") ? (content?.length ?? 0) : 0), 0));

/** How the data set spells classes; a class that a file lacks may be absent. */
const spellings: Readonly<Record<LineClass, readonly string[]>> = {
  committed: ["commited", "committed"],
  inproject: ["inproject"],
  infile: ["infile"],
  common: ["common"],
  nonInformative: ["non_informative"],
  random: ["random"],
};

function linesOf(lines: Cells, lineClass: LineClass): number[] {
  const found = spellings[lineClass].find((name) => lines.has(name));
  return found === undefined ? [] : lines.list(found).map(Number);
}
