import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isVacant, leafFolders, makeFolder, removeFolder } from "./folder.ts";

test("leafFolders() lists folders without folders, empty ones too, and none that is hidden", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-folders-"));
  for (const name of ["train/cats", "train/dogs", "test", ".cache/x"])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "train/cats/1.png"), "");

  const found = leafFolders(folder);

  expect(found).toEqual(["test", "train/cats", "train/dogs"]);
});

test("removeFolder() takes away what makeFolder() made, and says nothing where nothing lies", () => {
  const folder = join(mkdtempSync(join(tmpdir(), "assay-folders-")), "a");
  makeFolder(join(folder, "b"));

  removeFolder(folder);
  removeFolder(folder);

  expect(existsSync(folder)).toBe(false);
});

test("isVacant() is true of nothing and of an empty folder, and false of a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-folders-"));
  writeFileSync(join(folder, "file"), "");
  mkdirSync(join(folder, "empty"));

  expect(["none", "empty", "file", "."].map((name) => isVacant(join(folder, name)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
