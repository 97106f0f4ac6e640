export { claims } from "./claims.ts";
export type { Commit, Repository } from "./repository.ts";
export { scoreFile } from "./score-file.ts";
export { type Settings, settings } from "./settings.ts";
export { default as longCodeArena } from "./study.ts";
export type { Asked, Asking, Built, Item, Making, Measuring, Task } from "./task.ts";
export { type TaskId, taskIds } from "./task-ids.ts";
export { tasks, tasksOf } from "./tasks.ts";
