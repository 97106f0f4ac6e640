import type { CodeLanguage } from "#evals";
import type { TableRow } from "#formats";
import { Cells } from "../cells.ts";
import type { Item } from "../task.ts";

/** A program to be written against one library. */
export interface LibraryItem extends Item {
  readonly language: CodeLanguage;
  readonly instruction: string;
  /** The library's own example, without its comments. */
  readonly reference: string;
  /** The library's names that the reference calls. */
  readonly apis: readonly string[];
  /** Every name that the library defines. */
  readonly names: readonly string[];
}

/** The columns of the authors' data set that are read. */
export const columns = ["repo_full_name", "instruction", "clean_reference", "unique_apis", "project_defined_elements"];

/** One row of lca-library-based-code-generation. */
export function readItem(row: TableRow, index: number): LibraryItem {
  const cells = new Cells(row, `library-codegen, row ${index}`);
  return {
    id: String(index).padStart(3, "0"),
    repository: cells.text("repo_full_name").replace("/", "__"),
    language: "python",
    instruction: cells.text("instruction"),
    reference: cells.text("clean_reference"),
    apis: cells.texts("unique_apis"),
    names: cells.texts("project_defined_elements"),
  };
}
