/** Answers of library-based code generation: `{answer, reference?, apis?}`, or the released `{model, index, raw}`. */
import type { Json } from "#base";
import { apiRecall } from "#evals/metrics";
import type { AnswerFile, ScoredFile } from "../../module.ts";
import { paperSettings } from "../comparability.ts";
import type { LibraryItem } from "../library-codegen/item.ts";
import { codeChrf, codeReader, librarySignature, type ReadCode } from "../library-codegen/measures.ts";
import { expectReleased } from "../library-codegen/released-answers.ts";
import { libraryCodegen } from "../library-codegen/task.ts";
import { readOfficial } from "../official.ts";
import { type AnswerLine, meanMetric, readLines } from "./lines.ts";
import type { ScoreSettings } from "./score-settings.ts";

/** One answer as it was scored. */
interface ScoredAnswer {
  readonly group: string;
  readonly chrf: number | undefined;
  readonly apiRecall: number | undefined;
  readonly hasError: boolean;
  /** What `--per-sample` shows; null for a null answer. */
  readonly shown: Readonly<Record<string, Json>> | null;
}

/**
 * Code, called names, ChrF and API recall of each answer, from 0 to 1. With `data`, lines that name an official row by its
 * index are judged by it, and the means of the twelve released settings must come out to 1e-9.
 *
 * @throws AssayError RELEASED_MEANS_DIFFER, ANSWERS_INVALID
 */
export async function scoreLibraryAnswers(file: AnswerFile, { data }: ScoreSettings): Promise<ScoredFile> {
  const rows = data === "" ? undefined : await officialRows(data);
  const read = await codeReader();
  const scored = readLines(file).map((line) => scoreLine(line, read, rows));
  const groups = Map.groupBy(scored, ({ group }) => group);
  if (rows !== undefined) for (const [group, answers] of groups) checkReleased(group, answers);
  const isNamed = groups.size > 1 || !groups.has("");
  const metrics = [...groups].map(([group, answers]) => metricsOf(answers, isNamed ? `${group} ` : ""));
  return {
    signature: librarySignature(),
    metrics: Object.assign({}, ...metrics),
    empty: scored.filter(({ shown }) => shown === null).length,
    perSample: scored.map(({ shown }) => shown),
  };
}

async function officialRows(data: string): Promise<readonly LibraryItem[]> {
  const { items } = await readOfficial(libraryCodegen, { settings: { ...paperSettings, data }, seed: 0 });
  return items as unknown as readonly LibraryItem[];
}

function scoreLine(
  line: AnswerLine,
  read: (answer: string) => ReadCode,
  rows: readonly LibraryItem[] | undefined,
): ScoredAnswer {
  const answer = line.text("answer", "raw");
  const row = rows === undefined || !line.has("index") ? undefined : rowAt(rows, line);
  const reference = line.has("reference") ? line.required("reference") : row?.reference;
  const apis = line.has("apis") ? line.texts("apis") : row?.apis;
  const group = line.has("model") ? line.required("model") : "";
  const { code, called, hasError } = read(answer ?? "");
  const chrf = reference === undefined ? undefined : codeChrf(code, reference);
  const recall = apis === undefined ? undefined : apiRecall(called, apis);
  const shown = {
    code,
    called,
    ...(chrf !== undefined && { chrf }),
    ...(recall !== undefined && { apiRecall: recall }),
  };
  return { group, chrf, apiRecall: recall, hasError, shown: answer === null ? null : shown };
}

function rowAt(rows: readonly LibraryItem[], line: AnswerLine): LibraryItem {
  const index = line.number("index");
  return rows[index] ?? line.fail(`the index of one of ${rows.length} rows`, index);
}

function metricsOf(answers: readonly ScoredAnswer[], prefix: string): ScoredFile["metrics"] {
  return {
    ...meanMetric(
      `${prefix}chrf`,
      answers.flatMap(({ chrf }) => chrf ?? []),
    ),
    ...meanMetric(
      `${prefix}apiRecall`,
      answers.flatMap(({ apiRecall: recall }) => recall ?? []),
    ),
    ...meanMetric(
      `${prefix}syntaxError`,
      answers.map(({ hasError }) => Number(hasError)),
    ),
  };
}

/** The importer's check: a whole released setting, judged by official rows, has the released means. */
function checkReleased(group: string, answers: readonly ScoredAnswer[]): void {
  if (answers.length !== 150) return;
  const mean = (pick: (answer: ScoredAnswer) => number | undefined) =>
    answers.reduce((sum, answer) => sum + (pick(answer) ?? 0), 0) / answers.length;
  expectReleased(group, { chrf: mean(({ chrf }) => chrf), apiRecall: mean(({ apiRecall: recall }) => recall) });
}
