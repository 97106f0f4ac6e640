/** What must be equal before a measured row may stand in a table of the paper. */
import { type Comparability, hashOf } from "#base";
import { type Settings, settings as table } from "./settings.ts";
import type { Task, TaskDefinition } from "./task.ts";

/** What of a task decides comparability; a published table is made before its task is. */
export type Compared = Pick<TaskDefinition<never, never>, "id" | "official" | "signature" | "decisive">;

/** The settings that the paper used. */
export const paperSettings = Object.fromEntries(
  Object.entries(table).map(([name, { paper }]) => [name, paper]),
) as unknown as Settings;

/** The revision of the authors' code whose prompts are sent. */
const prompts = "lca-baselines 5b1b564; bde972c for the 2024 profile";

/** What a column of the paper was measured on. */
export function paperComparability(task: Compared, variant: string): Comparability {
  return {
    data: officialName(task, task.official.rows(paperSettings)),
    prompt: `${prompts}: ${variant}`,
    split: "test, all",
    scorer: task.signature(paperSettings),
    settings: decisiveHash(task, paperSettings),
  };
}

/** What a row of ours was measured on. */
export function ownComparability(
  task: Compared | Task,
  { variant, settings, data, limit }: { variant: string; settings: Settings; data: string; limit: number | undefined },
): Comparability {
  return {
    data,
    prompt: `${prompts}: ${variant}`,
    split: limit === undefined ? "test, all" : `test, first ${limit}`,
    scorer: task.signature(settings),
    settings: decisiveHash(task, settings),
  };
}

/** The name of official data that is there in full: its hash is not ours to know. */
export const officialName = ({ official }: Pick<Task, "official">, rows: number): string =>
  `${official.dataSet}, ${rows} rows`;

const decisiveHash = ({ id, decisive }: Compared | Task, settings: Settings): string =>
  hashOf([id, ...decisive.map((name) => settings[name])]);
