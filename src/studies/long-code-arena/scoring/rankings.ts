/** Replies of bug localization: `{answer, truth, candidates?}`; without candidates every named file may be one. */
import { namedFiles } from "#evals";
import { type FileSet, type Localization, rankMetrics, setMetrics } from "#evals/metrics";
import type { AnswerFile, ScoredFile } from "../../module.ts";
import { localizationSignature } from "../bug-localization/measures.ts";
import { pathsIn } from "../history/source-paths.ts";
import { type AnswerLine, readLines } from "./lines.ts";
import type { ScoreSettings } from "./score-settings.ts";

/** The metrics of a profile, from 0 to 1: those of rankings for 2024, those of sets for 2025. Unread replies are failures. */
export async function scoreRankings(file: AnswerFile, { profile }: ScoreSettings): Promise<ScoredFile> {
  const lines = readLines(file);
  const sets = lines.map((line) => readSet(line, profile));
  const rankings: Localization[] = sets.map(({ predicted, truth }) => ({ ranked: predicted ?? [], truth }));
  const values: Record<string, number | null> =
    profile === "2025" ? { ...setMetrics(sets).all! } : { ...rankMetrics(rankings) };
  const metrics = Object.entries(values).flatMap(([name, value]) =>
    value === null || name === "n" ? [] : [[name, { value, n: lines.length }] as const],
  );
  const unread = sets.filter(({ predicted }) => predicted === null).length;
  return {
    signature: localizationSignature({ profile }),
    metrics: { ...Object.fromEntries(metrics), unread: { value: unread, n: lines.length } },
    empty: lines.filter((line) => line.text("answer") === null).length,
    perSample: sets.map(({ predicted }, at) =>
      lines[at]!.text("answer") === null ? null : { files: predicted === null ? null : [...predicted] },
    ),
  };
}

function readSet(line: AnswerLine, profile: ScoreSettings["profile"]): FileSet {
  const answer = line.text("answer");
  const truth = line.texts("truth");
  const candidates = line.has("candidates") ? line.texts("candidates") : candidatesIn(answer ?? "", truth);
  return { predicted: answer === null ? null : namedFiles(answer, { profile, candidates }), truth, candidates };
}

/** Everything in a reply that looks like a path, and the truth. */
const candidatesIn = (answer: string, truth: readonly string[]): string[] => [
  ...new Set([...pathsIn(answer), ...truth]),
];
