import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { isFolder, removeFolder, requireFolder, sizeOfFolder, textOfFile } from "./work-folder.ts";

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

let room: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), "assay-work-"));
  room = folder;
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** Permission bits mean nothing to root: does `work` as somebody to whom they do, and who owns the folders. */
function asNobody<T>(folders: readonly string[], work: () => T): T {
  if (!isRoot) return work();
  for (const folder of folders) chownSync(folder, nobody, nobody);
  chmodSync(join(room, ".."), 0o755);
  process.seteuid!(nobody);
  try {
    return work();
  } finally {
    process.seteuid!(0);
  }
}

test("removeFolder() takes away folders that nobody may open, and of a link the link alone", () => {
  const [shut, inner, kept, link] = ["shut", "shut/inner", "kept", "link"].map((name) => join(room, name));
  mkdirSync(inner!, { recursive: true });
  mkdirSync(kept!);
  for (const folder of [inner!, kept!]) writeFileSync(join(folder, "file"), "12345");
  symlinkSync(kept!, link!);
  symlinkSync(kept!, join(inner!, "link"));
  chmodSync(inner!, 0);
  chmodSync(shut!, 0o555);

  asNobody([room, shut!, inner!], () => {
    expect(sizeOfFolder(shut!)).toBe(0);
    removeFolder(shut!);
    removeFolder(link!);
  });

  expect([shut!, inner!, link!].filter((path) => existsSync(path))).toEqual([]);
  expect(sizeOfFolder(room)).toBe(5);
});

test("requireFolder() puts a folder in the place of whatever else is there", () => {
  const places = ["file", "link", "none/deep", "there"].map((name) => join(room, name));
  writeFileSync(places[0]!, "");
  symlinkSync("/nowhere/at/all", places[1]!);
  mkdirSync(places[3]!);
  writeFileSync(join(places[3]!, "kept"), "");

  for (const place of places) requireFolder(place);

  expect(places.map(isFolder)).toEqual([true, true, true, true]);
  expect(existsSync(join(places[3]!, "kept"))).toBe(true);
});

test("textOfFile() reads a file, and nothing in place of a link, a folder, or more than a mebibyte", () => {
  writeFileSync(join(room, "file"), "naïve");
  writeFileSync(join(room, "flood"), Buffer.alloc(2 ** 20 + 1, "x"));
  symlinkSync(join(room, "file"), join(room, "link"));

  expect(["file", "flood", "link", ".", "none"].map((name) => textOfFile(join(room, name)))).toEqual([
    ...["naïve", "", "", "", ""],
  ]);
});
