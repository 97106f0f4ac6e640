import type { MeasuredRecord, Scorer } from "#base";
import { codeBlock, predictedLine } from "#evals";
import { type CompletedLine, editSimilarity, exactMatch, exactMatchByClass } from "#evals/metrics";
import type { AnsweredSample } from "#runs";
import { failureOf } from "../failures.ts";
import type { LineClass } from "../history/line-classes.ts";
import { meanOf, type Recording, recordOf, scoresOf, shareOf } from "../records.ts";

/** What a line is judged by. */
export type LineTruth = {
  readonly line: string;
  readonly lineClass: LineClass;
  /** `repository/path`, over whose lines the authors average first. */
  readonly file: string;
};

/** The variant of the metrics, in one line. */
export const lineSignature = (): string =>
  `code-completion|${exactMatch([]).signature}|mean:over-files-of-a-class|${editSimilarity([]).signature}|v:1`;

/** The line of an answer: the first that is written, out of a code block where a chat model put it into one. */
export function lineOf(answer: string): string {
  const text = answer.replaceAll("\r\n", "\n");
  const inside = /^\s*```[\w+#.-]*[ \t]*\n([\s\S]*?)(?:```|$)/.exec(text)?.[1];
  return predictedLine(inside ?? (/^\s*```/.test(text) ? codeBlock(text) : text));
}

/** Exact match and edit similarity of one line. */
export async function lineScorer(): Promise<Scorer<LineTruth>> {
  return (response, { line }) => {
    const candidate = lineOf(response ?? "");
    const pair = [{ candidate, reference: line }];
    return {
      exact: exactMatch(pair).value!,
      editSimilarity: editSimilarity(pair).value!,
      ...failureOf(response, (text) => lineOf(text).trim() !== ""),
    };
  };
}

/**
 * Exact match in percent by size and class of line, averaged over files as the authors' code does and over lines as the
 * paper says; edit similarity over lines.
 *
 *     exact = 100 · mean over files of (hits / lines)      exactLines = 100 · hits / lines
 */
export function lineRecords(answers: readonly AnsweredSample<LineTruth>[], recording: Recording): MeasuredRecord[] {
  const classes = [...Map.groupBy(answers, ({ truth }) => truth.lineClass), ["all", answers] as const];
  return classes.flatMap(([lineClass, members]) => {
    const own = { ...recording, setting: { ...recording.setting, lineClass } };
    const matched = exactMatchByClass(members.map(completedLine)).all;
    if (matched === undefined) return [];
    const perFile = [...Map.groupBy(members, ({ truth }) => truth.file).values()].map(
      (lines) => meanOf(scoresOf(lines, "exact")).value!,
    );
    return [
      recordOf("exact", { ...meanOf(perFile, { scale: 100 }), value: 100 * matched.overFiles }, own),
      recordOf("exactLines", shareOf(scoresOf(members, "exact")), own),
      recordOf("editSimilarity", meanOf(scoresOf(members, "editSimilarity"), { most: 100 }), own),
    ];
  });
}

function completedLine({ text, truth }: AnsweredSample<LineTruth>): CompletedLine {
  return { candidate: lineOf(text ?? ""), reference: truth.line, file: truth.file, lineClass: truth.lineClass };
}

/** How many files a context raised, lowered and left alone, against the file by itself. */
export function gainRecords(
  answers: readonly AnsweredSample<LineTruth>[],
  alone: readonly AnsweredSample<LineTruth>[],
  recording: Recording,
): MeasuredRecord[] {
  const before = sharesByFile(alone);
  const counts = { filesRaised: 0, filesLowered: 0, filesKept: 0 };
  for (const [file, share] of sharesByFile(answers)) {
    const move = share - (before.get(file) ?? share);
    counts[move > 0 ? "filesRaised" : move < 0 ? "filesLowered" : "filesKept"]++;
  }
  const n = counts.filesRaised + counts.filesLowered + counts.filesKept;
  return Object.entries(counts).map(([metric, value]) => recordOf(metric, { value, n }, recording));
}

function sharesByFile(answers: readonly AnsweredSample<LineTruth>[]): Map<string, number> {
  const files = Map.groupBy(answers, ({ truth }) => truth.file);
  return new Map([...files].map(([file, lines]) => [file, meanOf(scoresOf(lines, "exact")).value!]));
}
