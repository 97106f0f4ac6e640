import { constants, copyFileSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Makes a folder and those above it, where they are missing. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true });
}

/** Removes a folder with all that it holds, where there is one. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Where a file or folder lies once every link is followed. */
export const realPath = (path: string): string => realpathSync(path);

/** Whether nothing lies there, or a folder without files. */
export function isVacant(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined || (found.isDirectory() && readdirSync(path).length === 0);
}

/** Copies a file byte for byte, sharing its blocks where the file system can. */
export function copyFile(from: string, to: string): void {
  makeFolder(dirname(to));
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
}

/** The visible folders below a folder that hold no folder of their own, with forward slashes, sorted. */
export function leafFolders(path: string): string[] {
  const below = readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((name) => !name.split("/").some((part) => part.startsWith(".")));
  return below.filter((name) => !below.some((other) => other.startsWith(`${name}/`))).sort();
}
