import type { PublishedTable } from "#base";
import type { Compared } from "../comparability.ts";
import { columnsOf, rowOf } from "../published-rows.ts";

/** Bug localization as the paper prints it, over the three languages together. */
export function localizationTable(task: Compared): PublishedTable {
  const columns = [
    ["R@1, one file", "recallAt1"],
    ["R@2, several", "recallAt2"],
    ["P@2, several", "precisionAt2"],
    ["F1", "f1"],
    ["MAP", "map"],
  ] as const;
  return {
    id: "bug-localization",
    title: "Bug localization, metrics of 2024",
    source: "arXiv 2406.11612, §4.5; the text gives TF-IDF with BPE a MAP of .27, the table .28",
    certainty: "read in the paper",
    unit: "0 to 1; F1 over the first one or two files",
    columns: columnsOf(
      task,
      columns.map(([label, metric]) => ({ label, metric, variant: "2024", setting: { language: "all" } })),
    ),
    rows: [
      "TF-IDF, NLTK: .16 .10 .15 .13 .20",
      "TF-IDF, BPE: .30 .15 .24 .21 .28",
      "BM25: .17 .12 .19 .19 .21",
      "CodeT5+ 110M: .28 .13 .17 .18 .23",
      "CodeBERT: .29 .15 .18 .20 .25",
      "GTE-large: .37 .17 .26 .25 .33",
      "SFR-Mistral: .35 .17 .24 .25 .30",
      "GPT-3.5: .49 .19 .31 .35 .29",
      "GPT-4: .74 .20 .32 .44 .39",
    ].map(rowOf),
  };
}

/** The code of 2025: sets of files, over replies that were read. */
export function setTable(task: Compared): PublishedTable {
  const columns = [
    ["precision", "setPrecisionOfRead"],
    ["recall", "setRecallOfRead"],
    ["F1", "setF1OfRead"],
    ["false positives", "falsePositiveRateOfRead"],
    ["all correct", "allCorrectOfRead"],
    ["at least one", "atLeastOneOfRead"],
    ["all wrong", "allIncorrectOfRead"],
  ] as const;
  return {
    id: "bug-localization-2025",
    title: "Bug localization, metrics of 2025",
    source: "lca-baselines 5b1b564, output of a notebook: DeepSeek-V3 with file paths, n = 150",
    certainty: "second hand",
    unit: "0 to 1, over replies that were read",
    columns: columnsOf(
      task,
      columns.map(([label, metric]) => ({ label, metric, variant: "2025-paths", setting: { language: "all" } })),
    ),
    rows: [rowOf("DeepSeek-V3, file paths: .489 .697 .523 .025 .19 .92 .08")],
  };
}
