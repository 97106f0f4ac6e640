import { UsageError } from "#base";
import type { AnswerFile, ScoredFile, StudyModule } from "../module.ts";
import { report } from "./report.ts";
import { readResponses } from "./responses.ts";
import { scoreFile } from "./score-file.ts";
import { settings } from "./settings.ts";
import study from "./study.ts";

/** Scores a response file as the official scripts do; `nullAsWrong` is the only setting that matters here. */
function scoreAnswers({ name, text }: AnswerFile, assignments: Readonly<Record<string, string>>): ScoredFile {
  const { nullAsWrong = "false", ...others } = assignments;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new UsageError("UNKNOWN_SETTING", `mmneedle: Expected nullAsWrong when scoring files, got "${unknown}"`);
  }
  const { emptyIds: _, ...scored } = scoreFile(readResponses(text, name), {
    nullAsWrong: settings.nullAsWrong.read.parse(nullAsWrong),
  });
  return scored;
}

export default { study, report, scoreFile: scoreAnswers } satisfies StudyModule;
