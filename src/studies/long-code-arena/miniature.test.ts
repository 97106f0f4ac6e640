import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { heldOutTexts, packageSources, scriptHistory, type scriptPackages, sourceGroups } from "#corpora";
import { findModel } from "#models";
import { resolveSettings } from "#runs";
import { openTask } from "./data.ts";
import { settings as table } from "./settings.ts";
import { type TaskId, taskIds } from "./task-ids.ts";
import { tasks } from "./tasks.ts";

vi.stubEnv("ASSAY_HOME", mkdtempSync(join(tmpdir(), "assay-miniature-")));

const settings = resolveSettings(table, { study: "long-code-arena", preset: "mini", assignments: {} });
const itemsOf = async (task: TaskId) => (await openTask(tasks[task], { settings, seed: 0 })).items;
const isWritten = (repository: string) => repository.startsWith("generated__");
const isInstalled = (repository: string) => repository.startsWith("installed__");

test.each(taskIds)(
  "miniatureRepositories() give %s 20 items from three repositories without the project's own history",
  async (task) => {
    const items = (await itemsOf(task)).filter(({ repository }) => isWritten(repository) || isInstalled(repository));

    expect(items.length).toBeGreaterThanOrEqual(20);
    expect(new Set(items.map(({ repository }) => repository)).size).toBeGreaterThanOrEqual(3);
  },
  60_000,
);

test("code-completion asks mini:code about no file that it was trained on", async () => {
  const isHeldOut = heldOutTexts(await findModel("mini:code"));
  const asked = (await itemsOf("code-completion")) as unknown as { repository: string; target: { path: string } }[];

  const installed = asked.filter(({ repository }) => isInstalled(repository));
  const texts = installed.map(({ repository, target }) => {
    const name = repository.slice("installed__".length) as keyof typeof scriptPackages;
    return scriptHistory(name).installed!.get(target.path)!;
  });

  expect(installed.length).toBeGreaterThan(0);
  expect(texts.map(isHeldOut)).not.toContain(false);
  expect(asked.some(({ repository }) => isWritten(repository))).toBe(true);
}, 60_000);

test("heldOutTexts() of mini:code agrees with the groups of the packages that it was trained on", async () => {
  const isHeldOut = heldOutTexts(await findModel("mini:code"));
  const project = join(import.meta.dirname, "../../..");

  const groups = sourceGroups(packageSources(project, { charactersOfPackage: 300_000 }));
  const told = groups.flatMap((group) => group.files.filter(({ text }) => isHeldOut(text)).map(() => group));

  expect(told.length).toBeGreaterThan(50);
  expect(told.filter(({ split, files }) => split !== "heldOut" || files.length !== 1)).toEqual([]);
}, 60_000);
