/** Bug localization: which files does the fix of an issue change? */
import type { Json, MeasuredRecord } from "#base";
import type { Compared } from "../comparability.ts";
import { failureRecords, type Recording } from "../records.ts";
import { defineTask, type Making, type Measuring } from "../task.ts";
import { ask } from "./ask.ts";
import { buildItems } from "./build.ts";
import { withClones } from "./clones.ts";
import { type BugItem, columns, readItem } from "./item.ts";
import { type BugTruth, localizationRecords, localizationScorer, localizationSignature } from "./measures.ts";
import { localizationTable, setTable } from "./published.ts";
import { candidatesOf } from "./rankers.ts";

const compared: Compared = {
  id: "bug-localization",
  official: {
    dataSet: "JetBrains-Research/lca-bug-localization",
    files: ({ language }) => language.map((one) => `${one}/test`),
    columns,
    rows: ({ language }) => 50 * language.length,
  },
  signature: localizationSignature,
  decisive: ["profile", "hints", "language", "maxTokens", "contextTokens"],
};

/** Lists every item's candidates once, however many subjects are asked. */
async function scorer(items: readonly BugItem[], { settings }: Making) {
  const known = new Map<string, readonly string[]>();
  for (const item of items) known.set(item.id, await candidatesOf(item));
  return localizationScorer((id) => known.get(id)!, settings);
}

async function measure(measuring: Measuring<BugItem, BugTruth>): Promise<MeasuredRecord[]> {
  const { answers, itemOf, ...rest } = measuring;
  const recording: Recording = { ...rest, task: compared.id };
  const languages = Map.groupBy(answers, (answer) => itemOf(answer).endings.join(" "));
  const groups = [...(languages.size > 1 ? languages : []), ["all", answers] as const];
  return [
    ...groups.flatMap(([language, members]) => localizationRecords(members, { ...recording, setting: { language } })),
    ...failureRecords(answers, recording),
  ];
}

const identify = ({ files: _, ...item }: BugItem): Json => item;

/** Source   Bogomolov et al. 2024, Long Code Arena, §4.5 and Appendix F */
export const bugLocalization = defineTask<BugItem, BugTruth>({
  ...compared,
  title: "Bug localization",
  place: "§4.5",
  form: "chat",
  baselines: ["oracle", "bm25", "tf-idf"],
  read: (row, { index }) => [readItem(row, index)],
  complete: withClones,
  identify,
  build: buildItems,
  variants: ({ profile, hints }) => [profile === "2025" ? `2025-${hints}` : profile],
  ask,
  scorer,
  measure,
  decides: "map",
  showTruth: ({ files }) => files.join("\n"),
  published: [localizationTable(compared), setTable(compared)],
  views: [
    {
      title: "ranks",
      unit: "0 to 1; the mean rank of the first changed file is counted from 1",
      metrics: ["recallAt1", "recallAt2", "precisionAt2", "f1", "map", "mrr", "meanRank"],
      along: "language",
    },
    {
      title: "sets, unread replies as failures",
      unit: "0 to 1",
      metrics: ["setPrecision", "setRecall", "setF1", "falsePositiveRate", "allCorrect", "atLeastOne", "allIncorrect"],
      along: "language",
    },
  ],
  figures: async (shown) => (await import("./figures.ts")).rankFigures(shown),
});
