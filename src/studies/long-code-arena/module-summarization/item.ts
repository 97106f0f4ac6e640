import type { TableRow } from "#formats";
import { Cells } from "../cells.ts";
import type { Item } from "../task.ts";

/** A document about a part of a project, to be written from its code. */
export interface DocumentItem extends Item {
  readonly file: string;
  /** What the document is about, in a few words. */
  readonly intent: string;
  /** The document as people wrote it. */
  readonly target: string;
  /** The code that it tells of, joined to one text. */
  readonly code: string;
}

/** The columns of the authors' data set that are read. */
export const columns = ["repo", "docfile_name", "intent", "target_text", "relevant_code_context"];

/** One row of lca-module-summarization. */
export function readItem(row: TableRow, index: number): DocumentItem {
  const cells = new Cells(row, `module-summarization, row ${index}`);
  return {
    id: String(index).padStart(3, "0"),
    repository: cells.text("repo").replace("/", "__"),
    file: cells.text("docfile_name"),
    intent: cells.text("intent"),
    target: cells.text("target_text"),
    code: cells.text("relevant_code_context"),
  };
}
