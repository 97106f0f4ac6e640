import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "#base";
import { firstFile, hashFile, listFolder, readTextFile, writeTextFile } from "./text-file.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-files-"));
mkdirSync(join(folder, "b"));
writeFileSync(join(folder, "b", "two.txt"), "zwei ✓");
writeFileSync(join(folder, "one.txt"), "1");
writeFileSync(join(folder, ".hidden"), "");

test("listFolder() lists every visible file below a folder, sorted, with its size", () => {
  const listed = [
    { name: "b/two.txt", bytes: 8 },
    { name: "one.txt", bytes: 1 },
  ];

  expect(listFolder(folder)).toEqual(listed);
  expect(listFolder(`${folder}/`)).toEqual(listed);
});

test("readTextFile() reads UTF-8 and says which file is missing", () => {
  expect(readTextFile(join(folder, "b", "two.txt"))).toBe("zwei ✓");
  expect(() => readTextFile(join(folder, "none.txt"))).toThrow(/Expected a file at .*none.txt, found none/);
  expect(() => listFolder(join(folder, "none"))).toThrow(/Expected a folder at .*none, found none/);
});

test("firstFile() finds the first path that is a file", () => {
  expect(firstFile([join(folder, "none"), join(folder, "b"), join(folder, "one.txt")])).toBe(join(folder, "one.txt"));
  expect(firstFile([join(folder, "none")])).toBeUndefined();
});

test("hashFile() hashes what the file holds, however many pieces it is read in", () => {
  const large = Buffer.alloc(700_001, "needle");
  writeFileSync(join(folder, "large.bin"), large);

  expect(hashFile(join(folder, "large.bin"))).toBe(sha256(large));
  expect(() => hashFile(join(folder, "gone"))).toThrow("Expected a file at");
});

test("writeTextFile() writes UTF-8 and the folders that lead to it, over what was there", () => {
  const path = join(folder, "new", "deep", "page.txt");

  writeTextFile(path, "eins");
  writeTextFile(path, "zwei ✓");

  expect(readTextFile(path)).toBe("zwei ✓");
});
