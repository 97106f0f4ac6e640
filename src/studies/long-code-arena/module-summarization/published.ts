import type { PublishedTable } from "#base";
import type { Compared } from "../comparability.ts";
import { columnsOf, rowOf } from "../published-rows.ts";

/** CompScore by how much code the writer saw. */
export function compScoreTable(task: Compared): PublishedTable {
  const sizes = [
    ["128", "128 tokens"],
    ["512", "512 tokens"],
    ["1000", "1k tokens"],
    ["2000", "2k tokens"],
  ] as const;
  return {
    id: "module-summarization",
    title: "Module summarization: CompScore by tokens of code",
    source: "arXiv 2406.11612, §4.6; judge Mistral-7B-Instruct-v0.2",
    certainty: "read in the paper",
    unit: "0 to 100, 50 when the judge cannot tell",
    columns: columnsOf(
      task,
      sizes.map(([variant, label]) => ({ label, metric: "compScore", variant })),
    ),
    rows: [
      "GPT-4: 45.62 52.59 56.22 57.33",
      "GPT-3.5: 36.83 41.59 45.59 49.48",
      "Llama2-70B: 39.78 45.97 46.37 48.24",
      "Llama2-13B: 40.96 47.37 46.57 48.12",
      "Llama2-7B: 36.33 44.21 44.13 46.19",
      "Mistral-7B-v0.3: 35.84 39.18 41.03 46.23",
      "Mixtral-8x22B: 35.33 38.48 39.49 42.24",
      "Mixtral-8x7B: 34.63 38.48 39.96 40.89",
      "CodeLlama-7B: 33.02 36.88 36.49 38.06",
      "CodeLlama-70B: 38.36 38.74 39.76 37.23",
      "Llama3-8B: 25.37 32.14 33.84 37.35",
      "Llama3-70B: 24.79 30.08 33.18 36.45",
      "Gemma-7B: 24.16 28.24 30.44 33.96",
      "Gemma-2B: 16.43 21.04 21.85 25.38",
    ].map(rowOf),
  };
}
