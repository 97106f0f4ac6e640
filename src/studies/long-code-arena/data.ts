/** Where a task's items come from: the authors' files, repositories of your own, or those that are built here. */
import { hashOf, type Json } from "#base";
import { miniatureRepositories } from "./miniature.ts";
import { readOfficial } from "./official.ts";
import { type Repository, readRepository } from "./repository.ts";
import type { Item, Making, Task } from "./task.ts";

/** A task's items. */
export interface Opened {
  readonly task: Task;
  readonly items: readonly Item[];
  /** What the items are: the data set's name where it is whole, else a hash. */
  readonly data: string;
  /** Everything that decides them: enters the run's identity. */
  readonly identity: Json;
  readonly notes: readonly string[];
}

/**
 * Opens a task: reads or builds its items, the first N of them when limited.
 *
 * @throws AssayError of the source: what is missing, where it was looked for
 */
export async function openTask(task: Task, { limit, ...making }: Making & { limit?: number | undefined }): Promise<Opened> {
  const { items, data, notes } = await sourceOf(task, making);
  const kept = limit === undefined ? items : items.slice(0, limit);
  const hash = hashOf(kept.map((item) => task.identify?.(item) ?? (item as unknown as Json)));
  return { task, items: kept, data: data ?? hash, identity: { items: kept.length, hash }, notes };
}

interface Source {
  readonly items: readonly Item[];
  /** Absent where the items' own hash must do. */
  readonly data?: string;
  readonly notes: readonly string[];
}

async function sourceOf(task: Task, making: Making): Promise<Source> {
  const { repository, data } = making.settings;
  if (repository !== "") return fromRepositories(task, repository.split(",").map(readRepository), making);
  if (data === "miniature") return fromRepositories(task, await miniatureRepositories(making.seed), making);
  const official = await readOfficial(task, making);
  const completed = await task.complete?.(official.items, making);
  const { items, notes } = completed ?? { items: official.items, notes: [] };
  return { items, data: official.data, notes: [...official.notes, ...notes] };
}

async function fromRepositories(task: Task, repositories: readonly Repository[], making: Making): Promise<Source> {
  const built = [];
  for (const repository of repositories) built.push(await task.build(repository, making));
  const notes = [...repositories.flatMap((repository) => repository.notes), ...built.flatMap((one) => one.notes)];
  return { items: built.flatMap(({ items }) => [...items]), notes };
}
