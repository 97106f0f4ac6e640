/** Library-based code generation: write a program against a library that nobody has learned by heart. */
import type { MeasuredRecord } from "#base";
import type { Compared } from "../comparability.ts";
import { failureRecords, meanOf, type Recording, recordOf, scoresOf, shareOf } from "../records.ts";
import { type Asked, type Asking, defineTask, type Measuring } from "../task.ts";
import { fitted } from "../window.ts";
import { buildItems } from "./build.ts";
import { columns, type LibraryItem, readItem } from "./item.ts";
import { type LibraryTruth, libraryScorer, librarySignature } from "./measures.ts";
import { helpfulNames, renderPrompt } from "./prompt.ts";
import { table2 } from "./published.ts";
import { withReleasedMeans } from "./released-answers.ts";

const compared: Compared = {
  id: "library-codegen",
  official: {
    dataSet: "JetBrains-Research/lca-library-based-code-generation",
    files: () => [],
    columns,
    rows: () => 150,
  },
  signature: librarySignature,
  decisive: ["maxTokens", "contextTokens"],
};

async function ask(item: LibraryItem, asking: Asking): Promise<Asked<LibraryTruth>> {
  const { settings, variant, window } = asking;
  const { instruction, reference, apis, names, language } = item;
  const offered = variant === "bm25" || asking.control === "bm25" ? helpfulNames(instruction, names) : [];
  const hints = variant === "bm25" ? offered : [];
  const around = renderPrompt("", hints);
  const room = { window, around, answerTokens: settings.maxTokens, keep: "first", what: "instruction" } as const;
  const { text, cut } = fitted(instruction, room);
  return {
    question: {
      parts: [{ type: "text", text: renderPrompt(text, hints) }],
      sampling: { temperature: 0, topP: 1, maxTokens: settings.maxTokens },
      controls: {
        oracle: () => reference,
        bm25: () => offered.map((name) => `${name}()`).join("\n"),
      },
    },
    truth: { reference, apis, language },
    cut,
  };
}

async function measure({ answers, ...rest }: Measuring<LibraryItem, LibraryTruth>): Promise<MeasuredRecord[]> {
  const recording: Recording = { task: compared.id, ...rest };
  return [
    ...(["chrf", "apiRecall"] as const).map((metric) => recordOf(metric, meanOf(scoresOf(answers, metric)), recording)),
    recordOf("syntaxError", shareOf(scoresOf(answers, "syntaxError")), recording),
    ...failureRecords(answers, recording),
  ];
}

/** Source   Bogomolov et al. 2024, Long Code Arena, §4.1 and Appendix B */
export const libraryCodegen = defineTask<LibraryItem, LibraryTruth>({
  ...compared,
  title: "Library-based code generation",
  place: "§4.1, Table 2",
  form: "chat",
  baselines: ["oracle", "bm25"],
  read: (row, { index }) => [readItem(row, index)],
  complete: withReleasedMeans,
  build: buildItems,
  variants: ({ apis }) => apis,
  ask,
  scorer: (items) => libraryScorer(items.map(({ language }) => language)),
  measure,
  decides: "apiRecall",
  showTruth: ({ reference, apis }) => `${apis.join(", ")}\n\n${reference}`,
  published: [table2(compared)],
  views: [
    { title: "likeness and calls", unit: "0 to 1", metrics: ["chrf", "apiRecall"] },
    { title: "answers that are not wholly valid code", unit: "%", metrics: ["syntaxError"] },
  ],
});
