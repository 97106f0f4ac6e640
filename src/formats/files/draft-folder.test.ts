import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fillFolder } from "./draft-folder.ts";

const home = mkdtempSync(join(tmpdir(), "assay-draft-folder-"));
afterAll(() => rmSync(home, { recursive: true }));
const at = (...names: string[]): string => join(home, ...names);

/** A folder with a name, two weights, settings in a folder, and a note that is somebody's own. */
function former(name: string): string {
  mkdirSync(at(name, "settings"), { recursive: true });
  for (const file of ["config", "weights-1", "weights-2", "note", "settings/old"]) writeFileSync(at(name, file), "old");
  return at(name);
}

test("fillFolder() makes a folder with what was written, and nothing else", () => {
  fillFolder(
    at("new", "deep"),
    (draft) => {
      writeFileSync(join(draft, "config"), "1");
      mkdirSync(join(draft, "settings"));
      writeFileSync(join(draft, "settings", "a"), "2");
    },
    { last: "config" },
  );

  expect(readdirSync(at("new", "deep"), { recursive: true }).sort()).toEqual(["config", "settings", "settings/a"]);
});

test("fillFolder() leaves no folder where writing failed, and a former one as it was", () => {
  const folder = former("kept");
  const fail = (draft: string): void => {
    writeFileSync(join(draft, "config"), "new");
    throw new Error("disk full");
  };

  expect(() => fillFolder(at("none"), fail, { last: "config" })).toThrowError("disk full");
  expect(() => fillFolder(folder, fail, { last: "config", replaces: () => true })).toThrowError("disk full");

  expect(readdirSync(home)).not.toContain("none");
  expect(readdirSync(folder).sort()).toEqual(["config", "note", "settings", "weights-1", "weights-2"]);
  expect(readFileSync(at("kept", "config"), "utf8")).toBe("old");
});

test("fillFolder() puts the new in the place of the old, and keeps what it does not replace", () => {
  const folder = former("replaced");

  fillFolder(
    folder,
    (draft) => {
      for (const file of ["config", "weights-1"]) writeFileSync(join(draft, file), "new");
      mkdirSync(join(draft, "settings"));
      writeFileSync(join(draft, "settings", "other"), "new");
    },
    { last: "config", replaces: (name) => name.startsWith("weights") },
  );

  const files = readdirSync(folder, { recursive: true }).sort();
  expect(files).toEqual(["config", "note", "settings", "settings/old", "settings/other", "weights-1"]);
  expect(["config", "weights-1", "note"].map((name) => readFileSync(join(folder, name), "utf8"))).toEqual([
    "new",
    "new",
    "old",
  ]);
});

test("fillFolder() has the last file gone while others are replaced", () => {
  const folder = former("order");

  // A folder in the way of a file: moving up ends there, as a kill would.
  mkdirSync(join(folder, "blocked"));
  writeFileSync(join(folder, "blocked", "inside"), "old");
  const write = (draft: string): void => {
    for (const file of ["blocked", "config"]) writeFileSync(join(draft, file), "new");
  };

  expect(() => fillFolder(folder, write, { last: "config" })).toThrow();
  expect(readdirSync(folder)).not.toContain("config");
});
