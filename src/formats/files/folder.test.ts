import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { leafFolders } from "./folder.ts";

test("leafFolders() lists folders without folders, empty ones too, and none that is hidden", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-folders-"));
  for (const name of ["train/cats", "train/dogs", "test", ".cache/x"])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "train/cats/1.png"), "");

  const found = leafFolders(folder);

  expect(found).toEqual(["test", "train/cats", "train/dogs"]);
});
