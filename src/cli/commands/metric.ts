import type { Command } from "commander";
import { bm25, bm25Signature, ranked, readRanking } from "#evals";
import { type MetricResult, readPairs, recordMetrics, textMetric, textMetrics } from "#evals/metrics";
import { readTextFile } from "#formats";
import { alignedTable } from "#report/terminal";
import { type Desk, printJson } from "../desk.ts";

interface MetricFlags {
  readonly json?: boolean;
}

const otherNames = [...Object.keys(recordMetrics), "bm25"];

/** `assay metric <name> FILE`: one metric on texts that are already there. */
export function addMetric(program: Command, desk: Desk): void {
  program
    .command("metric")
    .argument("<name>", [...Object.keys(textMetrics), ...otherNames].join(", "))
    .argument("<file>", 'JSONL of {"reference", "candidate"}; for bm25 one JSON object {"query", "documents"}')
    .option("--json", "print a JSON document")
    .description("one metric on texts, with its signature")
    .addHelpText("after", `\nLines of the others:\n${otherLines()}`)
    .action(async (name: string, file: string, flags: MetricFlags) => {
      if (name === "bm25") return printRanking(file, flags, desk);
      const result = await measure(name, file);
      if (flags.json) return printJson(desk, "metric", result);
      printResult(result, desk);
    });
}

const otherLines = (): string =>
  Object.entries(recordMetrics)
    .map(([name, { line }]) => `  ${name}  ${line}`)
    .join("\n");

async function measure(name: string, file: string): Promise<MetricResult & { readonly details?: object }> {
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
  desk.print(alignedTable(["value", "mean of samples", "n"], [[value!.toFixed(4), mean.toFixed(4), String(n)]]));
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
  desk.print(alignedTable(["document", "score", "words"], rows));
}
