import type { Command } from "commander";
import { UsageError } from "#base";
import { bm25, bm25Signature, ranked, readRanking } from "#evals";
import { type MetricResult, readPairs, recordMetrics, textMetric, textMetrics } from "#evals/metrics";
import { readTextFile } from "#formats";
import { collectAssignment } from "../assignments.ts";
import { type Desk, printJson, printTable } from "../desk.ts";
import { bertSettings, measureBertScore } from "./metric-bert.ts";

interface MetricFlags {
  readonly json?: boolean;
  readonly set?: Readonly<Record<string, string>>;
}

const otherNames = [...Object.keys(recordMetrics), "bertscore", "bm25"];

/** `assay metric <name> FILE`: one metric on texts that are already there. */
export function addMetric(program: Command, desk: Desk): void {
  program
    .command("metric")
    .argument("<name>", [...Object.keys(textMetrics), ...otherNames].join(", "))
    .argument("<file>", 'JSONL of {"reference", "candidate"}; for bm25 one JSON object {"query", "documents"}')
    .option("--set <name=value>", "one setting of bertscore; repeat for more", collectAssignment)
    .option("--json", "print a JSON document")
    .description("one metric on texts, with its signature")
    .addHelpText("after", `\nLines of the others:\n${otherLines()}\n\nSettings of bertscore:\n${settingLines()}`)
    .action(async (name: string, file: string, flags: MetricFlags) => {
      expectNoSettings(name, flags);
      if (name === "bm25") return printRanking(file, flags, desk);
      const result = await measure(name, file, flags);
      if (flags.json) return printJson(desk, "metric", result);
      printResult(result, desk);
    });
}

const otherLines = (): string =>
  Object.entries(recordMetrics)
    .map(([name, { line }]) => `  ${name}  ${line}`)
    .join("\n");

const settingLines = (): string =>
  Object.entries(bertSettings)
    .map(([name, meaning]) => `  ${name}  ${meaning}`)
    .join("\n");

/** The other metrics have one variant each, which their signature names. */
function expectNoSettings(name: string, { set = {} }: MetricFlags): void {
  if (name === "bertscore" || Object.keys(set).length === 0) return;
  throw new UsageError("BAD_SETTING", `metric: Expected no --set for ${name}, got ${Object.keys(set).join(", ")}`);
}

async function measure(
  name: string,
  file: string,
  { set = {} }: MetricFlags,
): Promise<MetricResult & { readonly details?: object }> {
  if (name === "bertscore") {
    const { precision, recall, ...result } = await measureBertScore(file, set);
    return { ...result, details: { precision, recall } };
  }
  if (Object.hasOwn(recordMetrics, name)) {
    return recordMetrics[name as keyof typeof recordMetrics].score(readTextFile(file), { file });
  }
  const { references, score } = textMetric(name, otherNames);
  return score(readPairs(readTextFile(file), { file, references }));
}

function printResult(result: MetricResult & { readonly details?: object }, desk: Desk): void {
  const { signature, value, n, perSample, details } = result;
  const mean = perSample.reduce((total, one) => total + one, 0) / n;
  desk.print(signature);
  printTable(
    desk,
    [
      ["value", "mean of samples", "n"],
      [value!.toFixed(4), mean.toFixed(4), String(n)],
    ],
    { names: 0 },
  );
  if (details !== undefined) desk.print(JSON.stringify(details, null, 2));
}

function printRanking(file: string, flags: MetricFlags, desk: Desk): void {
  const { query, documents, tokenizer } = readRanking(readTextFile(file), { file });
  const scores = bm25(documents).scores(query);
  const signature = `${bm25Signature()}|tokenizer:${tokenizer}`;
  if (flags.json) {
    printJson(desk, "metric", { signature, n: documents.length, scores: [...scores] });
    return;
  }
  desk.print(signature);
  const rows = ranked(scores, 20).map((at) => [String(at), scores[at]!.toFixed(4), documents[at]!.join(" ")]);
  printTable(desk, [["document", "score", "words"], ...rows]);
}
