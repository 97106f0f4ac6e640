/** Where a task's items come from: the authors' files, repositories of your own, or those that are built here. */
import { hashOf, type Json, UsageError } from "#base";
import { openPlace } from "./history/open-place.ts";
import { readOfficial } from "./official.ts";
import type { Repository } from "./repository.ts";
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

/** Preflight, run and report open the same items: what was opened last of each task is kept. */
const kept = new Map<string, { readonly key: string; readonly opened: Promise<Opened> }>();

/**
 * Opens a task: reads or builds its items, the first N of them when limited.
 *
 * @throws AssayError of the source: what is missing, where it was looked for; UsageError REPOSITORY_TWICE
 */
export function openTask(task: Task, { settings, seed, limit }: OpenOptions): Promise<Opened> {
  const key = hashOf([settings, seed, limit ?? null]);
  const known = kept.get(task.id);
  if (known?.key === key) return known.opened;
  const opened = opening(task, { settings, seed, limit });
  kept.set(task.id, { key, opened });
  // What failed may succeed the next time.
  opened.catch(() => kept.delete(task.id));
  return opened;
}

/** Which items, and how many. */
export interface OpenOptions extends Making {
  readonly limit?: number | undefined;
}

async function opening(task: Task, { limit, ...making }: OpenOptions): Promise<Opened> {
  const { items, data, notes } = await sourceOf(task, making);
  const first = limit === undefined ? items : items.slice(0, limit);
  const hash = hashOf(first.map((item) => task.identify?.(item) ?? item));
  return { task, items: first, data: data ?? hash, identity: { items: first.length, hash }, notes };
}

interface Source {
  readonly items: readonly Item[];
  /** Absent where the items' own hash must do. */
  readonly data?: string;
  readonly notes: readonly string[];
}

async function sourceOf(task: Task, making: Making): Promise<Source> {
  const { repository, data } = making.settings;
  if (repository !== "") return fromRepositories(task, openPlaces(repository.split(",")), making);
  if (data === "miniature") {
    // Only who builds it waits for corpora and models to load.
    const { miniatureRepositories } = await import("./miniature.ts");
    return fromRepositories(task, await miniatureRepositories(making.seed), making);
  }
  const official = await readOfficial(task, making);
  const completed = await task.complete?.(official.items, making);
  const { items, notes } = completed ?? { items: official.items, notes: [] };
  const isWhole = items.length === official.items.length;
  const named = isWhole ? official.data : `${official.data}, ${items.length} of ${official.items.length} items`;
  return { items, data: named, notes: [...official.notes, ...notes] };
}

/** @throws UsageError REPOSITORY_TWICE, for items are told apart by the names of their repositories */
function openPlaces(paths: readonly string[]): Repository[] {
  const opened = paths.map((path) => openPlace(path));
  for (const [name, { length }] of Map.groupBy(opened, (one) => one.name)) {
    if (length === 1) continue;
    const expected = `Expected repositories in folders of different names, got ${length} times ${name}`;
    throw new UsageError("REPOSITORY_TWICE", `long-code-arena: ${expected}; name one by a link to it`);
  }
  return opened;
}

async function fromRepositories(task: Task, repositories: readonly Repository[], making: Making): Promise<Source> {
  const built = [];
  for (const repository of repositories)
    built.push({ name: repository.name, ...(await task.build(repository, making)) });
  const all = built.flatMap(({ items }) => [...items]);
  // Forks have commits in common: the same commit is one item.
  const items = [...new Map(all.toReversed().map((item) => [item.id, item])).values()].reverse();
  const shared = all.length - items.length;
  const notes = [...repositories.flatMap((repository) => repository.notes), ...toldOnce(task, built)];
  return {
    items,
    notes: shared === 0 ? notes : [...notes, `${task.id}: ${shared} items of several repositories count once`],
  };
}

/** Notes of several repositories, each with the names of those that it is about. */
function toldOnce(
  task: Task,
  built: readonly { readonly name: string; readonly notes: readonly string[] }[],
): string[] {
  const all = built.flatMap(({ name, notes }) => notes.map((note) => ({ name, note: withoutPrefix(note, name) })));
  return [...Map.groupBy(all, ({ note }) => note)].map(
    ([note, about]) => `${task.id}, ${about.map(({ name }) => name).join(", ")}: ${note}`,
  );
}

const withoutPrefix = (note: string, name: string): string =>
  note.startsWith(`${name}: `) ? note.slice(name.length + 2) : note;
