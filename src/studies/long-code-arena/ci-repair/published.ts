import type { PublishedTable } from "#base";
import type { Compared } from "../comparability.ts";
import { columnsOf, rowOf } from "../published-rows.ts";

/** CI repair as the paper prints it, in percent of 77 builds. */
export const repairTable = (task: Compared): PublishedTable => ({
  id: "ci-repair",
  title: "CI builds repair, pass@1",
  source: "arXiv 2406.11612, §4.2; text and table disagree on the family of three models (CodeLlama, Llama-2)",
  certainty: "read in the paper",
  unit: "percent of all builds",
  columns: columnsOf(task, [
    { label: "pass@1", metric: "passRate", variant: "oracle-blocks", setting: { difficulty: "all" } },
  ]),
  rows: [
    ...["Mistral-7B: 6.5", "Mixtral-8x7B: 3.9", "CodeLlama-7B: 6.5", "CodeLlama-13B: 6.5", "CodeLlama-34B: 9.1"],
    ...["GPT-3.5: 16.9", "GPT-4: 15.6"],
  ].map(rowOf),
});
