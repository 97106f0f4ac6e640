/** The authors' Parquet files: on the hub, or in a folder. */
import { join } from "node:path";
import { AssayError } from "#base";
import { fetchDataSet, hashFile, listFolder, readParquet } from "#formats";
import { officialName } from "./comparability.ts";
import type { Settings } from "./settings.ts";
import type { Item, Making, Task } from "./task.ts";

/** Items of official files, and what identifies the files. */
export interface OfficialItems {
  readonly items: readonly Item[];
  /** Hash of every file that was read, by its name. */
  readonly files: Readonly<Record<string, string>>;
  /** The data set's name where all its rows are there; else what is missing. */
  readonly data: string;
  readonly notes: readonly string[];
}

/**
 * Reads a task's official rows.
 *
 * @throws AssayError DATA_MISSING without a file, TABLE_INVALID for missing columns, DATA_INVALID for a cell, HUB_…
 */
export async function readOfficial(task: Task, making: Making): Promise<OfficialItems> {
  const { settings } = making;
  const { folder, files } = await place(task, settings);
  const wanted = filesOf(task, files, settings);
  if (wanted.length === 0) throw noFiles(task, { folder, files, settings });
  const items: Item[] = [];
  let rows = 0;
  for (const file of wanted) {
    for await (const row of readParquet(join(folder, file), { columns: [...task.official.columns] })) {
      items.push(...task.read(row, { ...making, index: rows++ }));
    }
  }
  const expected = task.official.rows(settings);
  const isWhole = rows === expected;
  return {
    items,
    files: Object.fromEntries(wanted.map((file) => [file, hashFile(join(folder, file))])),
    data: officialName(task, rows),
    notes: isWhole ? [] : [`${task.official.dataSet}: ${rows} rows, the paper counts ${expected}`],
  };
}

interface Place {
  readonly folder: string;
  readonly files: readonly string[];
}

async function place({ official }: Task, settings: Settings): Promise<Place> {
  const { data } = settings;
  if (data === "hub") {
    const name = `hf:${official.dataSet}`;
    const chosen = await fetchDataSet(name, { files: isWanted(official.files(settings)) });
    // A data set that names its folders otherwise is fetched whole, without its archives.
    const { folder, files } = chosen.files.some(isParquet) ? chosen : await fetchDataSet(name, { files: isParquet });
    return { folder, files: files.filter(isParquet) };
  }
  const named = listFolder(data, { followLinks: true })
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".parquet"));
  return { folder: data, files: named };
}

const isParquet = (path: string): boolean => path.endsWith(".parquet");

/** Parquet of the sets that are asked for: a data set also holds archives of whole repositories. */
const isWanted = (parts: readonly string[]) => (path: string) =>
  isParquet(path) && (parts.length === 0 || parts.some((part) => path.includes(part)));

/** One folder may hold all six data sets, each in a folder of its own name; else the files are this task's. */
function filesOf({ official }: Task, files: readonly string[], settings: Settings): string[] {
  const name = official.dataSet.split("/").at(-1)!;
  const own = files.filter((file) => file.includes(name));
  const candidates = own.length > 0 ? own : files.filter((file) => !/(^|\/)lca-/.test(file));
  const parts = official.files(settings);
  const chosen = candidates.filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
  return [...(chosen.length > 0 ? chosen : candidates)].sort();
}

function noFiles({ id, official }: Task, { folder, files, settings }: Place & { settings: Settings }): AssayError {
  const wanted = `Expected Parquet files of ${official.dataSet} (${official.files(settings).join(", ") || "any"})`;
  const got = files.length === 0 ? "found none" : `found only ${files.slice(0, 5).join(", ")}`;
  return new AssayError(
    "DATA_MISSING",
    `${id}: ${wanted} in ${folder}, ${got}; download the data set, or --set data=hub`,
  );
}
