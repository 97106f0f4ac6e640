import type { StudyModule } from "../module.ts";
import { report } from "./report.ts";
import study from "./study.ts";

export default { study, report } satisfies StudyModule;
