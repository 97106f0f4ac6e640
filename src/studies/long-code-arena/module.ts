import type { StudyModule } from "../module.ts";
import { scoreFile } from "./score-file.ts";
import study from "./study.ts";

export default {
  study,
  // Drawing is loaded by those who look: scoring a file needs none of it.
  report: async (run, options) => (await import("./report.ts")).report(run, options),
  scoreFile,
} satisfies StudyModule;
