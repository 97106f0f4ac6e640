import { join } from "node:path";
import { buildPairs } from "../history/builds.ts";
import { openLocalRepository } from "../history/local-repository.ts";
import type { Repository } from "../repository.ts";
import type { Built, Making } from "../task.ts";
import { type BuildItem, blocksOf } from "./item.ts";

/** Builds of a repository that its own history mends; which of them fail before and pass after shows when they run. */
export async function buildItems(repository: Repository, { settings }: Making): Promise<Built<BuildItem>> {
  const { items, notes } = await buildPairs(repository, { limit: settings.items });
  const builds = items.map(({ shaFail, shaSuccess, workflow, workflowPath, diff, difficulty }) => ({
    id: `${repository.name}/${shaSuccess.slice(0, 12)}/${workflowPath.split("/").at(-1)}`,
    repository: repository.name,
    difficulty,
    workflow,
    shaFail,
    diff,
    blocks: blocksOf(diff),
    log: null,
    ...placeIn(repository, shaFail),
  }));
  return { items: builds, notes };
}

const placeIn = (repository: Repository, hash: string): Pick<BuildItem, "isOwnCode" | "files" | "write"> => ({
  isOwnCode: repository.isOwnCode === true,
  files: () => repository.files(hash),
  write: (options) => repository.write(hash, options),
});

/** Gives official items the files of their clones; those without one are left out, for nothing of them can run. */
export async function withClones(items: readonly BuildItem[], { settings }: Making): Promise<Built<BuildItem>> {
  const { clones } = settings;
  if (clones === "")
    return { items, notes: ["no clones: --set clones=FOLDER lets builds run; without, all are invalid"] };
  const open = new Map<string, Repository | undefined>();
  for (const { repository } of items) {
    if (!open.has(repository)) open.set(repository, cloneOf(join(clones, repository)));
  }
  const found = items.flatMap((item) => {
    const clone = open.get(item.repository);
    return clone === undefined ? [] : [{ ...item, ...placeIn(clone, item.shaFail), isOwnCode: false }];
  });
  const missing = [...open].filter(([, clone]) => clone === undefined).map(([name]) => name);
  return { items: found, notes: missing.map((name) => `no clone of ${name} in ${clones}: its builds are left out`) };
}

function cloneOf(folder: string): Repository | undefined {
  try {
    return openLocalRepository(folder);
  } catch (error) {
    if ((error as { code?: string }).code === "GIT_MISSING") return undefined;
    throw error;
  }
}
