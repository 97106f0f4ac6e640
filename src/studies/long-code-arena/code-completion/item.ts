import type { RepositoryFile, TextFile } from "#evals";
import type { TableRow } from "#formats";
import { Cells } from "../cells.ts";
import type { Item } from "../task.ts";

/** The classes of lines, in the order of the paper's table. */
export const lineClasses = ["infile", "inproject", "committed", "common", "non_informative", "random"] as const;

/** A class of lines. */
export type LineClass = (typeof lineClasses)[number];

/** The size classes of repositories. */
export type SizeClass = "small" | "medium" | "large" | "huge";

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

/**
 * The size class of a repository by the characters of its Python files.
 *
 *     small < 48K ≤ medium < 192K ≤ large < 768K ≤ huge
 */
export function sizeOf(snapshot: readonly RepositoryFile[]): SizeClass {
  const characters = snapshot.reduce(
    (sum, { path, content }) => sum + (path.endsWith(".py") ? (content?.length ?? 0) : 0),
    0,
  );
  if (characters < 48_000) return "small";
  if (characters < 192_000) return "medium";
  return characters < 768_000 ? "large" : "huge";
}

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

/** The data set writes "commited"; a class that a file lacks may be absent. */
function linesOf(lines: Cells, lineClass: LineClass): number[] {
  const spellings = lineClass === "committed" ? ["commited", "committed"] : [lineClass];
  const found = spellings.find((name) => lines.has(name));
  return found === undefined ? [] : lines.list(found).map(Number);
}
