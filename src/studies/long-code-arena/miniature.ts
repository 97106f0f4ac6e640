/** The repositories of the miniature: the project's own history where there is one, and those that are generated. */
import { join } from "node:path";
import { openLocalRepository } from "./history/local-repository.ts";
import type { Repository } from "./repository.ts";

const project = join(import.meta.dirname, "../../..");

/** Repositories that are on every machine after `npm install`, and the project's own in a checkout. */
export async function miniatureRepositories(_seed: number): Promise<Repository[]> {
  return [...own()];
}

function own(): Repository[] {
  try {
    return [openLocalRepository(project)];
  } catch (error) {
    if ((error as { code?: string }).code === "GIT_MISSING") return [];
    throw error;
  }
}
