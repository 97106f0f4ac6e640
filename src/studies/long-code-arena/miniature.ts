/** The repositories of the miniature: histories over installed sources and written libraries, and the project's own where there is one. */
import { join } from "node:path";
import { hashOf } from "#base";
import {
  type GeneratedHistory,
  heldOutTexts,
  libraryHistory,
  libraryThemes,
  scriptHistory,
  scriptPackages,
} from "#corpora";
import { writeRepository } from "#formats/git";
import { findModel } from "#models";
import { assayHome } from "#runs";
import { openLocalRepository } from "./history/local-repository.ts";
import type { Repository } from "./repository.ts";

const project = join(import.meta.dirname, "../../..");

/** The last commit of the project's own history that counts: what came later does not move the miniature. */
const ownHead = "e5695d2fd0a240a8df71e5e8ef4abca4ecdfc3a4";

/**
 * Repositories that are on every machine after `npm install`, and the project's own in a checkout that has its history.
 *
 * The histories are written anew where they are not there yet: the same texts, dates and messages give the same commits.
 */
export async function miniatureRepositories(_seed: number): Promise<Repository[]> {
  const names = Object.keys(scriptPackages) as (keyof typeof scriptPackages)[];
  const histories = [...names.map(scriptHistory), ...libraryThemes.map(libraryHistory)];
  const isHeldOut = heldOutTexts(await findModel("mini:code"));
  return [...histories.map((history) => generated(history, isHeldOut)), ...own()];
}

/** Installed packages are what `mini:code` was trained on, all but the groups that were held out. */
type IsHeldOut = (text: string) => boolean;

function generated(history: GeneratedHistory, isHeldOut: IsHeldOut): Repository {
  const { name, about, commits, issues, installed } = history;
  const key = hashOf(commits.map(({ message, files }) => [message, ...[...files].flat()] as string[]));
  const folder = join(assayHome(process.env), "repositories", `${name}-${key.slice(0, 12)}`);
  const ids = writeRepository(folder, commits);
  const closed = new Map([...issues].map(([at, issue]) => [ids[at]!, issue]));
  const opened = openLocalRepository(folder, {
    name,
    issues: closed,
    isOwnCode: true,
    ...(installed !== undefined && { isUnseen: (path: string) => isHeldOut(installed.get(path) ?? "") }),
  });
  return { ...opened, notes: [`${name}: ${about}`, ...opened.notes] };
}

function own(): Repository[] {
  try {
    return [openLocalRepository(project, { name: "assay__assay", revision: ownHead, isOwnCode: true })];
  } catch (error) {
    const { code } = error as { code?: string };
    // A clone without its history, or somebody else's project around an installed package.
    if (code === "GIT_MISSING" || code === "GIT_REVISION_UNKNOWN" || code === "GIT_OBJECT_MISSING") return [];
    throw error;
  }
}
