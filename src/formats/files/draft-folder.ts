import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** How a folder is filled. */
export interface FillFolderOptions {
  /** The file without which nobody takes the folder for what it is to be: it goes first and comes last. */
  readonly last: string;
  /** Which files of the folder as it was are gone afterwards, unless they are written anew. */
  readonly replaces?: (name: string) => boolean;
}

/**
 * Fills a folder all at once: everything is written to a hidden folder inside, and moved up when it is whole. Whatever ends
 * it before that leaves the folder as it was; a folder that has `last` is never half old and half new.
 */
export function fillFolder(
  folder: string,
  write: (draft: string) => void,
  { last, replaces = () => false }: FillFolderOptions,
): void {
  const isNew = !existsSync(folder);
  const draft = join(folder, `.${process.pid}.draft`);
  mkdirSync(draft, { recursive: true });
  try {
    write(draft);
  } catch (error) {
    rmSync(isNew ? folder : draft, { recursive: true, force: true });
    throw error;
  }
  rmSync(join(folder, last), { force: true });
  for (const name of readdirSync(folder).filter(replaces)) rmSync(join(folder, name));
  for (const name of [...readdirSync(draft).filter((one) => one !== last), last]) moveUp(name, { draft, folder });
  rmdirSync(draft);
}

/** A file takes the place of its namesake; a folder's files do, one by one. */
function moveUp(name: string, { draft, folder }: { readonly draft: string; readonly folder: string }): void {
  const [from, to] = [join(draft, name), join(folder, name)];
  if (!existsSync(from)) return;
  if (existsSync(to) && statSync(from).isDirectory()) {
    for (const inside of readdirSync(from)) moveUp(inside, { draft: from, folder: to });
    rmdirSync(from);
  } else renameSync(from, to);
}
