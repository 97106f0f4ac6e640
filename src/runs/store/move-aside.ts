import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { explaining } from "./sqlite-errors.ts";

/**
 * Renames a store's file with its log, so that a new store can begin and nothing is deleted.
 *
 * @returns the file's new name; undefined where there was no store
 */
export function moveAside(folder: string, now = new Date()): string | undefined {
  const file = join(folder, "store.sqlite");
  if (!existsSync(file)) return undefined;
  const target = `${file}.aside-${now.toISOString().replace(/[:.]/g, "-")}`;
  // Under one name with its log, or what is only in the log is lost to whoever repairs it.
  const suffixes = ["-shm", "-wal", ""].filter((suffix) => existsSync(file + suffix));
  explaining(file, () => {
    for (const suffix of suffixes) renameSync(file + suffix, target + suffix);
  });
  return target;
}
