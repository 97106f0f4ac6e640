/** Module summarization: write a document from the code that it tells of. */
import type { MeasuredRecord } from "#base";
import type { Compared } from "../comparability.ts";
import { failureRecords, meanOf, type Recording, recordOf, scoresOf } from "../records.ts";
import { type Asked, type Asking, defineTask, type Measuring } from "../task.ts";
import { fitted } from "../window.ts";
import { buildItems } from "./build.ts";
import { judgementsOf } from "./comparisons.ts";
import { columns, type DocumentItem, readItem } from "./item.ts";
import { type DocumentTruth, documentScorer, documentSignature, judgedRecords } from "./measures.ts";
import { renderPrompt, system } from "./prompt.ts";
import { compScoreTable } from "./published.ts";

const compared: Compared = {
  id: "module-summarization",
  official: { dataSet: "JetBrains-Research/lca-module-summarization", files: () => [], columns, rows: () => 216 },
  signature: documentSignature,
  decisive: ["judge", "judgeTokens", "maxTokens", "contextTokens"],
};

/** What the authors allow a document. */
const longestDocument = 2000;

async function ask({ file, intent, target, code }: DocumentItem, asking: Asking): Promise<Asked<DocumentTruth>> {
  const { settings, variant, window } = asking;
  const maxTokens = Math.min(longestDocument, settings.maxTokens);
  const around = `${system}\n${renderPrompt({ file, intent, code: "" })}`;
  const room = {
    window,
    around,
    answerTokens: maxTokens,
    keep: "first",
    what: "code",
    limit: Number(variant),
  } as const;
  const { text, cut } = fitted(code, room);
  return {
    question: {
      system,
      parts: [{ type: "text", text: renderPrompt({ file, intent, code: text }) }],
      sampling: { temperature: 0, maxTokens },
      controls: { identity: () => target, comments: () => commentsOf(code) },
    },
    truth: { target },
    cut,
  };
}

/** The document that needs no model: what the code says of itself. */
const commentsOf = (code: string): string =>
  [...code.matchAll(/"""([\s\S]*?)"""|\/\*\*?([\s\S]*?)\*\/|^\s*(?:#|\/\/)(.*)$/gm)]
    .map(([, docstring, block, line]) => (docstring ?? block ?? line ?? "").replace(/^\s*\* ?/gm, "").trim())
    .filter((text) => text !== "")
    .join("\n");

async function measure(measuring: Measuring<DocumentItem, DocumentTruth>): Promise<MeasuredRecord[]> {
  const { answers, settings, subject, ...rest } = measuring;
  const recording: Recording = { ...rest, subject, task: compared.id };
  const judgements = await judgementsOf(measuring);
  const identical = answers.every(({ text, truth }) => text === truth.target);
  return [
    ...judgedRecords(judgements, { recording, judge: settings.judge, identical }),
    recordOf("rougeL", meanOf(scoresOf(answers, "rougeL"), { scale: 100 }), recording),
    ...failureRecords(answers, recording),
  ];
}

/** Source   Bogomolov et al. 2024, Long Code Arena, §4.6 and Appendix C */
export const moduleSummarization = defineTask<DocumentItem, DocumentTruth>({
  ...compared,
  title: "Module summarization",
  place: "§4.6",
  form: "chat",
  baselines: ["identity", "comments"],
  read: (row, { index }) => [readItem(row, index)],
  build: buildItems,
  variants: ({ codeTokens }) => codeTokens.map(String),
  ask,
  scorer: documentScorer,
  measure,
  decides: "rougeL",
  showTruth: ({ target }) => target,
  published: [compScoreTable(compared)],
  views: [
    {
      title: "judged beside the true document",
      unit: "0 to 100; position bias −0.5 to 0.5",
      metrics: ["compScore", "compScoreOfIdentical", "positionBias", "flips", "rougeL"],
    },
  ],
});
