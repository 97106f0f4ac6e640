import { constants, copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname } from "node:path";

/** Makes a folder and those above it, where they are missing. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true });
}

/** Whether nothing lies there, or a folder without files. */
export const isVacant = (path: string): boolean => !existsSync(path) || readdirSync(path).length === 0;

/** Copies a file byte for byte, sharing its blocks where the file system can. */
export function copyFile(from: string, to: string): void {
  makeFolder(dirname(to));
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
}
