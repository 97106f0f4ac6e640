import { UsageError } from "#base";
import type { AnswerFile, ScoredFile, StudyModule } from "../module.ts";
import { report } from "./report.ts";
import { scoreAnswers } from "./score-file.ts";
import study from "./study.ts";

/** No setting of the study matters to answers that are there already. */
function scoreFile(file: AnswerFile, assignments: Readonly<Record<string, string>>): ScoredFile {
  const [unknown] = Object.keys(assignments);
  if (unknown === undefined) return scoreAnswers(file);
  throw new UsageError("UNKNOWN_SETTING", `concept-vectors: Expected no settings when scoring files, got "${unknown}"`);
}

export default { study, report, scoreFile } satisfies StudyModule;
