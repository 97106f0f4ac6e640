/** Scoring answers that were produced elsewhere: one JSON object a line, one task a file. */
import { suggestion, UsageError } from "#base";
import type { AnswerFile, ScoredFile } from "../module.ts";
import { scoreCompletions } from "./scoring/completion-log.ts";
import { scoreJobs } from "./scoring/jobs.ts";
import { scoreLibraryAnswers } from "./scoring/library-answers.ts";
import { scoreMessages } from "./scoring/message-predictions.ts";
import { scoreRankings } from "./scoring/rankings.ts";
import type { ScoreSettings } from "./scoring/score-settings.ts";
import { settings } from "./settings.ts";
import type { TaskId } from "./task-ids.ts";

type ScoreTask = (file: AnswerFile, settings: ScoreSettings) => Promise<ScoredFile>;

const scorers: Partial<Readonly<Record<TaskId, ScoreTask>>> = {
  "library-codegen": scoreLibraryAnswers,
  "ci-repair": scoreJobs,
  "code-completion": scoreCompletions,
  "commit-messages": scoreMessages,
  "bug-localization": scoreRankings,
};

const known = ["task", "data", "profile"];

/**
 * Scores one file of a task's answers. A missing answer counts as a failure.
 *
 * @throws UsageError TASK_MISSING, UNKNOWN_SETTING; AssayError ANSWERS_INVALID naming the line
 */
export async function scoreFile(file: AnswerFile, assignments: Readonly<Record<string, string>>): Promise<ScoredFile> {
  const unknown = Object.keys(assignments).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const expected = `Expected ${known.join(", ")} when scoring files, got "${unknown}"${suggestion(unknown, known)}`;
    throw new UsageError("UNKNOWN_SETTING", `long-code-arena: ${expected}`);
  }
  const { task = "", data = "", profile = "2024" } = assignments;
  const score = Object.hasOwn(scorers, task) ? scorers[task as TaskId] : undefined;
  if (score === undefined) {
    const names = Object.keys(scorers);
    const expected = `Expected --set task= one of ${names.join(", ")}, got "${task}"${suggestion(task, names)}`;
    throw new UsageError("TASK_MISSING", `long-code-arena: ${expected}`);
  }
  return score(file, { data, profile: settings.profile.read.parse(profile) as ScoreSettings["profile"] });
}
