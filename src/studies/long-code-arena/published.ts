import type { PublishedTable } from "#base";
import { tasks } from "./tasks.ts";

/** Every published table, in the order of the tasks. */
export const published: readonly PublishedTable[] = Object.values(tasks).flatMap((task) => task.published);
