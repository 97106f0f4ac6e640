/** Completed lines: the authors' `generation_results.jsonl`, or `{answer, reference, lineClass?, file?}`. */
import { type CompletedLine, editSimilarity, exactMatchByClass } from "#evals/metrics";
import type { AnswerFile, ScoredFile } from "../../module.ts";
import { lineOf, lineSignature } from "../code-completion/measures.ts";
import { type AnswerLine, meanMetric, readLines } from "./lines.ts";

/** Exact match by class, over files and over lines, and edit similarity; from 0 to 100. Without files each line is its own. */
export async function scoreCompletions(file: AnswerFile): Promise<ScoredFile> {
  const read = readLines(file);
  const lines = read.map(completedLine);
  const matches = Object.entries(exactMatchByClass(lines)).flatMap(
    ([lineClass, { overLines, overFiles, lines: n, files }]) => [
      [`${lineClass} exact`, { value: 100 * overFiles, n: files }] as const,
      [`${lineClass} exactLines`, { value: 100 * overLines, n }] as const,
    ],
  );
  const each = lines.map((line) => ({ exact: exactMatchByClass([line]).all!.overLines, line }));
  const similarity = editSimilarity(lines).perSample;
  return {
    signature: lineSignature(),
    metrics: { ...Object.fromEntries(matches), ...meanMetric("all editSimilarity", similarity) },
    empty: read.filter((line) => answerOf(line) === null).length,
    perSample: each.map(({ exact, line }, at) =>
      answerOf(read[at]!) === null
        ? null
        : { prediction: String(line.candidate), exact, editSimilarity: similarity[at]! },
    ),
  };
}

const answerOf = (line: AnswerLine): string | null => line.text("answer", "prediction_line", "original_prediction");

function completedLine(line: AnswerLine, at: number): CompletedLine {
  return {
    candidate: lineOf(answerOf(line) ?? ""),
    reference: line.required("reference", "ground_truth"),
    lineClass: line.has("line_class")
      ? line.required("line_class")
      : line.has("lineClass")
        ? line.required("lineClass")
        : "line",
    file: line.has("file") ? line.required("file") : String(at),
  };
}
