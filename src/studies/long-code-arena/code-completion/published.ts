import type { PublishedTable } from "#base";
import type { Compared } from "../comparability.ts";
import type { SizeClass } from "../history/completions.ts";
import { columnsOf, rowOf } from "../published-rows.ts";

const classes = ["infile", "inproject", "committed", "common", "nonInformative", "random", "all"] as const;

/** File-level and path distance of 16K tokens, CodeLlama-7B; values of the paper times 100. */
const rows: Readonly<Record<SizeClass, string>> = {
  small: "CodeLlama-7B: 35 16 33 32 28 42 35 37 27 34 33 29 43 37",
  medium: "CodeLlama-7B: 37 32 38 31 31 50 39 43 49 42 44 44 58 49",
  large: "CodeLlama-7B: 36 29 39 34 30 44 35 46 44 55 46 42 54 47",
  huge: "CodeLlama-7B: 40 34 44 34 30 50 39 44 43 54 41 40 54 45",
};

/** Two tables for each size class: the file alone, and behind the nearest files. */
export function completionTables(task: Compared): PublishedTable[] {
  return Object.entries(rows).flatMap(([size, row]) => {
    const { subject, cells } = rowOf(row);
    return contexts.map(({ variant, called }, at) => ({
      id: `code-completion-${size}-${variant}`,
      title: `Project-level code completion, ${size} context, ${called}: exact match by class of line`,
      source: "arXiv 2406.11612, §4.3 and Appendix D; printed as fractions of two digits",
      certainty: "read in the paper",
      unit: "%, mean over files of each file's share",
      columns: columnsOf(
        task,
        classes.map((lineClass) => ({ label: lineClass, metric: "exact", variant, setting: { size, lineClass } })),
      ),
      rows: [{ subject, cells: cells.slice(at * classes.length, (at + 1) * classes.length) }],
    }));
  });
}

/** The halves of a row. */
const contexts = [
  { variant: "none", called: "the file alone" },
  { variant: "path-distance", called: "behind the nearest files" },
] as const;
