import { bugLocalization } from "./bug-localization/task.ts";
import { ciRepair } from "./ci-repair/task.ts";
import { codeCompletion } from "./code-completion/task.ts";
import { commitMessages } from "./commit-messages/task.ts";
import { libraryCodegen } from "./library-codegen/task.ts";
import { moduleSummarization } from "./module-summarization/task.ts";
import type { Settings } from "./settings.ts";
import type { Task } from "./task.ts";
import type { TaskId } from "./task-ids.ts";

/** One row for every task. */
export const tasks = {
  "library-codegen": libraryCodegen,
  "ci-repair": ciRepair,
  "code-completion": codeCompletion,
  "commit-messages": commitMessages,
  "bug-localization": bugLocalization,
  "module-summarization": moduleSummarization,
} as const satisfies Record<TaskId, Task>;

/** The tasks of a run, in the order of the paper. */
export const tasksOf = ({ task }: Pick<Settings, "task">): Task[] =>
  Object.values(tasks).filter(({ id }) => task.includes(id));
