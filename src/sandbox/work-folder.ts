/**
 * Folders in which foreign code has worked, handled from outside its isolation: whatever it left there, nothing is read,
 * written or deleted behind a link.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";

/** Takes a folder away with all that is in it, folders that nobody may open included; of a link, the link alone. */
export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (!isForbidden(error)) throw error;
    openUp(path);
    rmSync(path, { recursive: true, force: true });
  }
}

/** Makes sure that a folder is one; a file or a link in its place goes. */
export function requireFolder(path: string): void {
  if (isFolder(path)) return;
  removeFolder(path);
  mkdirSync(path, { recursive: true });
}

/** True for a folder itself, false for a link to one. */
export const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** More than a step has to say to the next one. */
const mostBytes = 2 ** 20;

/** The text of a small file; empty where something else stands in its place: a link, a pipe, a flood. */
export function textOfFile(path: string): string {
  let file: number;
  try {
    // Without O_NONBLOCK a pipe that nobody writes would hold the runner up.
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return "";
  }
  try {
    const found = fstatSync(file);
    return found.isFile() && found.size <= mostBytes ? readFileSync(file, "utf8") : "";
  } finally {
    closeSync(file);
  }
}

/** Bytes of all files in a folder that may be looked into. */
export function sizeOfFolder(folder: string): number {
  let entries: ReturnType<typeof entriesOf>;
  try {
    entries = entriesOf(folder);
  } catch (error) {
    if (isForbidden(error)) return 0;
    throw error;
  }
  return entries.reduce((total, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return total + sizeOfFolder(path);
    return total + (entry.isFile() ? (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) : 0);
  }, 0);
}

const entriesOf = (folder: string) => readdirSync(folder, { withFileTypes: true });

function openUp(folder: string): void {
  if (!isFolder(folder)) return;
  chmodSync(folder, 0o700);
  for (const entry of entriesOf(folder)) if (entry.isDirectory()) openUp(join(folder, entry.name));
}

const isForbidden = (error: unknown): boolean =>
  ["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "");
