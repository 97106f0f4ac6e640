import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bytesAt } from "./byte-source.ts";
import { RangedFile } from "./ranged-file.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-ranged-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "a");
writeFileSync(path, "abcdef");

test("RangedFile refuses what is no regular file", () => {
  expect(() => new RangedFile(folder)).toThrow(`Expected a file at ${folder}, got something that is no regular file`);
  expect(() => new RangedFile(join(folder, "none"))).toThrow("found none");
});

test("RangedFile closed twice leaves the file alone that was opened in between", () => {
  const file = new RangedFile(path);
  file.close();
  const other = new RangedFile(path); // has the number of the closed one

  file.close();

  expect(Buffer.from(bytesAt(other, 2, 3)).toString()).toBe("cde");
  expect(() => bytesAt(file, 0, 1)).toThrow("to be open, got one that was closed");
  other.close();
});
