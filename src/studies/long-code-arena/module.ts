import type { StudyModule } from "../module.ts";
import { report } from "./report.ts";
import { scoreFile } from "./score-file.ts";
import study from "./study.ts";

export default { study, report, scoreFile } satisfies StudyModule;
