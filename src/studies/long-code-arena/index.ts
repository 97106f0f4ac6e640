export type { Repository } from "./repository.ts";
export type { Settings } from "./settings.ts";
export type { Asked, Asking, Built, Item, Making, Measuring, Task, TaskDefinition } from "./task.ts";
export { defineTask } from "./task.ts";
export { type TaskId, taskIds } from "./task-ids.ts";
