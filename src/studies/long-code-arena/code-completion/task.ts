/** Project-level code completion: write one line of a file that a commit added to a repository. */
import { type MeasuredRecord, sum } from "#base";
import type { Compared } from "../comparability.ts";
import { failureRecords, type Recording } from "../records.ts";
import { type Asked, type Asking, defineTask, type Measuring } from "../task.ts";
import { buildItems } from "./build.ts";
import { columns, type LineItem, readItems } from "./item.ts";
import { gainRecords, type LineTruth, lineRecords, lineScorer, lineSignature } from "./measures.ts";
import { chatInstruction, renderPrompt } from "./prompt.ts";
import { completionTables } from "./published.ts";

const filesOfSize = { small: 144, medium: 224, large: 270, huge: 296 } as const;

const compared: Compared = {
  id: "code-completion",
  official: {
    dataSet: "JetBrains-Research/lca-project-level-code-completion",
    files: ({ size }) => size.map((one) => `${one}_context`),
    columns,
    rows: ({ size }) => sum([...size].map((one) => filesOfSize[one])),
  },
  signature: lineSignature,
  decisive: ["contextTokens", "lineTokens", "onlyPython"],
};

async function ask(item: LineItem, asking: Asking): Promise<Asked<LineTruth>> {
  const { settings, window } = asking;
  const { text, cut } = await renderPrompt(item, asking);
  const lines = item.target.content.split("\n");
  const line = lines[item.line] ?? "";
  return {
    question: {
      ...(window.chat && { system: chatInstruction }),
      parts: [{ type: "text", text }],
      sampling: { temperature: 0, maxTokens: settings.lineTokens },
      controls: {
        oracle: () => `\n${line}`,
        "previous-line": () => lines.slice(0, item.line).findLast((before) => before.trim() !== "") ?? "",
      },
    },
    truth: { line, lineClass: item.lineClass, file: `${item.repository}/${item.target.path}` },
    cut,
  };
}

async function measure(measuring: Measuring<LineItem, LineTruth>): Promise<MeasuredRecord[]> {
  const { answers, run, subject, variant, itemOf, ...rest } = measuring;
  const sizes = Map.groupBy(answers, (answer) => itemOf(answer).size);
  const recording: Recording = { ...rest, task: compared.id, subject, variant };
  const alone = [...run.answers<LineTruth>({ subject, group: `${compared.id}/none` })];
  return [
    ...[...sizes].flatMap(([size, members]) => lineRecords(members, { ...recording, setting: { size } })),
    ...lineRecords(answers, { ...recording, setting: { size: "every" } }),
    ...(variant === "none" || alone.length === 0 ? [] : gainRecords(answers, alone, recording)),
    ...failureRecords(answers, recording),
  ];
}

/** A table for each context, over all sizes; the paper's tables tell sizes apart. */
const byClass = {
  along: "lineClass",
  facet: { setting: "variant", called: "context" },
  within: { size: "every" },
};

/** Source   Bogomolov et al. 2024, Long Code Arena, §4.3 and Appendix D */
export const codeCompletion = defineTask<LineItem, LineTruth>({
  ...compared,
  title: "Project-level code completion",
  place: "§4.3",
  form: "continuation",
  baselines: ["oracle", "previous-line"],
  read: (row, { index }) => readItems(row, index),
  identify: ({ id, repository, target, line, lineClass }) => ({
    id,
    repository,
    target: { ...target },
    line,
    lineClass,
  }),
  build: buildItems,
  variants: ({ context }) => context,
  ask,
  scorer: lineScorer,
  measure,
  decides: "exact",
  showTruth: ({ line, lineClass }) => `${line}\n(${lineClass})`,
  figures: async (shown) => (await import("./figures.ts")).classFigures(shown),
  published: completionTables(compared),
  views: [
    ...(
      [
        ["exact", "exact match, mean over files", "%, as the authors' code"],
        ["exactLines", "exact match, share of lines", "%, as the paper says"],
        ["editSimilarity", "edit similarity, mean over lines", "0 to 100"],
      ] as const
    ).map(([metric, title, unit]) => ({ title, unit, metrics: [metric], ...byClass })),
    { title: "files that a context moved", unit: "files", metrics: ["filesRaised", "filesLowered", "filesKept"] },
  ],
});
