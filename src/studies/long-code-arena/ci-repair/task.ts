/** CI builds repair: mend what a failing build complains about. */
import type { Json, MeasuredRecord } from "#base";
import { logExcerpt, renderBlocks } from "#evals";
import type { Compared } from "../comparability.ts";
import { failureRecords, type Recording, recordOf, scoresOf, shareOf } from "../records.ts";
import { type Asked, type Asking, defineTask, type Measuring } from "../task.ts";
import { fitted } from "../window.ts";
import { buildItems, withClones } from "./build.ts";
import { runFailing } from "./builds.ts";
import { type BuildItem, columns, readItem } from "./item.ts";
import {
  type BuildTruth,
  buildOf,
  buildRecords,
  buildScorer,
  buildSignature,
  invalidBuilds,
  jobsOf,
  withStoredLog,
} from "./measures.ts";
import { renderPrompt } from "./prompt.ts";
import { repairTable } from "./published.ts";

const compared: Compared = {
  id: "ci-repair",
  official: { dataSet: "JetBrains-Research/lca-ci-builds-repair", files: () => [], columns, rows: () => 77 },
  signature: buildSignature,
  decisive: ["maxTokens", "contextTokens", "jobSeconds"],
};

async function ask(item: BuildItem, { settings, window }: Asking): Promise<Asked<BuildTruth>> {
  const { maxTokens } = settings;
  const { blocks } = item;
  const shown = item.log === null ? (await runFailing(item, settings)).log : logExcerpt(item.log);
  const around = renderPrompt({ log: "", blocks });
  const { text: log, cut } = fitted(shown, { window, around, answerTokens: maxTokens, keep: "last", what: "log" });
  return {
    question: {
      parts: [{ type: "text", text: renderPrompt({ log, blocks }) }],
      sampling: { temperature: 0, maxTokens },
      controls: { oracle: () => `\`\`\`diff\n${item.diff}\`\`\``, "empty-patch": () => renderBlocks(blocks) },
    },
    truth: { item: item.id, diff: item.diff },
    cut,
  };
}

async function measure(measuring: Measuring<BuildItem, BuildTruth>): Promise<MeasuredRecord[]> {
  const { answers, ...rest } = measuring;
  const recording: Recording = { ...rest, task: compared.id };
  return [
    ...buildRecords(await jobsOf(measuring), recording),
    recordOf("fits", shareOf(scoresOf(answers, "fits")), recording),
    ...failureRecords(answers, recording),
  ];
}

const identify = ({ files: _, write: __, isOwnCode: ___, ...item }: BuildItem): Json => item as unknown as Json;

/** Source   Bogomolov et al. 2024, Long Code Arena, §4.2 and Appendix C */
export const ciRepair = defineTask<BuildItem, BuildTruth>({
  ...compared,
  title: "CI builds repair",
  place: "§4.2",
  form: "chat",
  baselines: ["oracle", "empty-patch"],
  read: (row, { index }) => [readItem(row, index)],
  complete: withClones,
  identify,
  build: buildItems,
  variants: () => ["oracle-blocks"],
  ask,
  scorer: buildScorer,
  measure,
  foundLater: buildOf,
  withFound: withStoredLog,
  remarks: invalidBuilds,
  decides: "passes",
  showTruth: ({ diff }) => diff,
  published: [repairTable(compared)],
  views: [
    { title: "pass@1 by difficulty", unit: "%", metrics: ["passRate"], along: "difficulty" },
    { title: "outcomes", unit: "builds", metrics: ["success", "failure", "invalid"], along: "difficulty" },
  ],
});
