import type { PublishedTable } from "#base";
import type { Compared } from "../comparability.ts";
import { columnsOf, rowOf } from "../published-rows.ts";
import { paperSignature } from "./bert-score-records.ts";

/** Quality of commit messages, as the paper prints it. */
export function messageTable(task: Compared): PublishedTable {
  const columns = [
    ["BLEU", "bleu"],
    ["ChrF", "chrf"],
    ["ROUGE-1", "rouge1"],
    ["ROUGE-2", "rouge2"],
    ["ROUGE-L", "rougeL"],
    ["BERTScore", "bertScore", paperSignature(false)],
    ["BERTScore, rescaled", "bertScoreRescaled", paperSignature(true)],
  ] as const;
  return {
    id: "commit-messages",
    title: "Commit message generation",
    source: "arXiv 2406.11612, §4.4",
    certainty: "read in the paper",
    unit: "0 to 100; BERTScore 0 to 1",
    columns: columnsOf(
      task,
      columns.map(([label, metric, scorer]) => ({ label, metric, variant: "detailed", ...(scorer && { scorer }) })),
    ),
    rows: [
      "GPT-4 Turbo (1106): 2.803 34.391 26.622 5.296 17.717 .856 .146",
      "GPT-4 (0613): 2.127 32.624 23.497 5.217 16.033 .852 .124",
      "GPT-3.5 Turbo (0613): 2.101 26.664 19.976 4.227 14.447 .846 .087",
      "GPT-3.5 Turbo (1106): 1.885 20.698 18.424 3.815 14.087 .854 .136",
      "Mixtral-8x7B: 2.189 31.984 23.61 5.376 16.329 .848 .097",
      "DeepSeek-Coder-33B: 1.742 29.08 21.011 4.471 14.458 .843 .067",
      "CodeLlama-34B: 1.586 24.632 17.817 3.684 13.114 .844 .073",
      "Mistral-7B: 1.895 30.719 23.648 4.458 16.262 .847 .096",
      "DeepSeek-Coder-6.7B: 1.634 28.567 20.188 3.604 14.116 .843 .068",
      "CodeLlama-13B: 1.727 23.099 18.207 3.642 13.479 .844 .075",
      "CodeLlama-7B: 1.108 26.638 16.961 2.807 12.028 .835 .021",
      "DeepSeek-Coder-1.3B: .75 22.449 13.815 2.029 9.753 .822 -.057",
      "CodeT5, fine-tuned: .355 11.862 13.615 2.633 11.439 .845 .083",
    ].map(rowOf),
  };
}
