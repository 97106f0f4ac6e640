/** Commit message generation: say what a large change does. */
import type { MeasuredRecord } from "#base";
import { diffText } from "#evals";
import type { Compared } from "../comparability.ts";
import { failureRecords, type Recording } from "../records.ts";
import { type Asked, type Asking, defineTask, type Measuring } from "../task.ts";
import { fitted } from "../window.ts";
import { bertScoreRecords } from "./bert-score-records.ts";
import { buildItems } from "./build.ts";
import { type CommitItem, columns, readItem } from "./item.ts";
import { type MessageTruth, messageRecords, messageScorer, messageSignature } from "./measures.ts";
import { firstDiffLine, renderPrompt, system } from "./prompt.ts";
import { messageTable } from "./published.ts";

const compared: Compared = {
  id: "commit-messages",
  official: {
    dataSet: "JetBrains-Research/lca-commit-message-generation",
    files: () => ["commitchronicle-py-long/"],
    columns,
    rows: () => 163,
  },
  signature: messageSignature,
  decisive: ["instruction", "repeats", "maxTokens", "contextTokens"],
};

/** What the authors allow a message. */
const longestMessage = 512;

/** The seeds that are seen in the authors' configurations; further repeats count on from the first. */
const seeds = [2687987020, 76097149];

async function ask({ message, changes }: CommitItem, asking: Asking): Promise<Asked<MessageTruth>> {
  const { settings, window, repeat } = asking;
  const maxTokens = Math.min(longestMessage, settings.maxTokens);
  const diff = diffText(changes);
  const around = `${system}\n${renderPrompt("", settings.instruction)}`;
  const { text, cut } = fitted(diff, { window, around, answerTokens: maxTokens, keep: "first", what: "diff" });
  return {
    question: {
      system,
      parts: [{ type: "text", text: renderPrompt(text, settings.instruction) }],
      sampling: { temperature: 0.8, maxTokens, seed: seeds[repeat] ?? seeds[0]! + repeat },
      controls: { oracle: () => message, "first-diff-line": () => firstDiffLine(diff) },
    },
    truth: { message },
    cut,
  };
}

async function measure(measuring: Measuring<CommitItem, MessageTruth>): Promise<MeasuredRecord[]> {
  const { answers, ...rest } = measuring;
  const recording: Recording = { ...rest, task: compared.id };
  return [
    ...messageRecords(answers, recording),
    ...(await bertScoreRecords(measuring, recording)),
    ...failureRecords(answers, recording),
  ];
}

/** Source   Bogomolov et al. 2024, Long Code Arena, §4.4 and Appendix E */
export const commitMessages = defineTask<CommitItem, MessageTruth>({
  ...compared,
  title: "Commit message generation",
  place: "§4.4",
  form: "chat",
  baselines: ["oracle", "first-diff-line"],
  read: (row, { index }) => [readItem(row, index)],
  build: buildItems,
  variants: ({ instruction }) => [instruction],
  repeats: ({ repeats }) => repeats,
  ask,
  scorer: messageScorer,
  measure,
  decides: "similarity",
  showTruth: ({ message }) => message,
  published: [messageTable(compared)],
  views: [
    {
      title: "likeness to the message that was written",
      unit: "0 to 100; BERTScore 0 to 1",
      metrics: ["bleu", "chrf", "rouge1", "rouge2", "rougeL", "bNorm", "bertScore", "bertScoreRescaled"],
    },
  ],
});
