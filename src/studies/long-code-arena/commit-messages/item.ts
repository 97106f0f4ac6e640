import type { FileChange } from "#evals";
import type { TableRow } from "#formats";
import { Cells, type Cells as RowCells } from "../cells.ts";
import type { Item } from "../task.ts";

/** A commit whose message is to be written. */
export interface CommitItem extends Item {
  readonly message: string;
  readonly changes: readonly FileChange[];
}

/** The columns of the authors' data set that are read. */
export const columns = ["repo", "hash", "message", "mods"];

const changeTypes = ["ADD", "COPY", "RENAME", "DELETE", "MODIFY", "UNKNOWN"] as const;

/** One row of lca-commit-message-generation. */
export function readItem(row: TableRow, index: number): CommitItem {
  const cells = new Cells(row, `commit-messages, row ${index}`);
  return {
    id: cells.text("hash"),
    repository: cells.text("repo").replace("/", "__"),
    message: cells.text("message"),
    changes: cells.groups("mods").map(changeOf),
  };
}

function changeOf(cells: RowCells): FileChange {
  const changeType = changeTypes.find((known) => known === cells.text("change_type")) ?? "UNKNOWN";
  return {
    changeType,
    oldPath: cells.optional("old_path"),
    newPath: cells.optional("new_path"),
    diff: cells.text("diff"),
  };
}
